// Milliseconds between two looks
const PERIOD = 10_000;
// For an answer
const PATIENCE = 8_000;
// From the last answer until the page says that it is not up to date
const STALE = 30_000;
const MAX_MEMBERS = 16;

const query = new URLSearchParams(location.search);
const lang = query.get("lang") || "";
const url = `${location.pathname.replace(/\/$/, "")}/figures?lang=${encodeURIComponent(lang)}`;
const fallbacks = {en: "Connection lost", vi: "Mất kết nối"};

let figures = null;
let etag = "";
let isLooking = false;
// By the clock that nobody sets
let answered = 0;
let looked = -PERIOD;
// Milliseconds by which the server's clock is ahead
let ahead = 0;

if (["dark", "light"].includes(query.get("theme"))) {
    document.documentElement.dataset.theme = query.get("theme");
}

function find(id, child = "") {
    return document.querySelector(`#${id} ${child}`);
}

function setText(node, text) {
    if (node.textContent !== text) {
        node.textContent = text;
    }
}

function fill(name, value) {
    return figures.texts[name].replace("%s", value);
}

function format(number) {
    return number.toLocaleString(figures.lang, {maximumFractionDigits: 1});
}

/** Return a time of the server, which is in UTC. */
function parse(date) {
    return date && Date.parse(`${date}Z`);
}

/** Return a time of today, or the day of an earlier one, by the team's clock. */
function tellTime(time) {
    const options =
        time < parse(figures.today)
            ? {day: "numeric", month: "short"}
            : {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
    return new Date(time).toLocaleString(figures.lang, {
        ...options,
        timeZone: figures.tz,
    });
}

/** Return a number and its unit. */
function tellAge(milliseconds) {
    const minutes = Math.max(Math.floor(milliseconds / 60_000), 0);
    return minutes < 120
        ? [format(minutes), figures.texts.minutes]
        : [format(Math.floor(minutes / 60)), figures.texts.hours];
}

function makeRow(tag, cells) {
    const row = document.createElement(tag);
    for (const [name, text, className] of cells) {
        const cell = document.createElement(name);
        cell.textContent = text;
        cell.className = className || "";
        row.append(cell);
    }
    return row;
}

/** Show a figure with its title, its unit and a note below. */
function show(id, value, unit = "", note = "") {
    setText(find(id, "dt"), figures.texts[id]);
    setText(find(id, "b"), value);
    setText(find(id, "small"), unit);
    setText(find(id, ".note"), note);
}

function render() {
    const {texts, members} = figures;
    document.documentElement.lang = figures.lang;
    document.title = `${figures.team} – ${texts.title}`;
    setText(find("team"), figures.team);
    const {count, unassigned} = figures;
    const waiting = unassigned ? fill("unassigned", format(unassigned)) : "";
    show("waiting", format(figures.waiting), "", waiting);
    const hasMedian = figures.median !== null;
    show(
        "median",
        hasMedian ? format(figures.median) : "–",
        hasMedian ? texts.minutes : "",
        texts.working
    );
    const share = count ? Math.round((100 * figures.in_time) / count) : "–";
    const notes = [
        fill("within", figures.within),
        count && fill("leads", format(count)),
    ];
    show("in_time", share, count ? "%" : "", notes.filter(Boolean).join(" · "));
    setText(find("on_duty"), texts.on_duty);
    const shown = members.slice(0, MAX_MEMBERS);
    const rows = shown.map((member) =>
        makeRow("li", [
            ["span", member.name],
            ["b", format(member.count)],
        ])
    );
    const rest = members.length - shown.length;
    const others = rest
        ? fill("more", format(rest))
        : members.length
          ? ""
          : texts.nobody;
    if (others) {
        rows.push(makeRow("li", [["span", others, "note"]]));
    }
    find("members").replaceChildren(...rows);
    setText(find("last_leads"), texts.last);
    find("last").replaceChildren(
        ...figures.last.map((lead) =>
            makeRow("tr", [
                ["td", tellTime(parse(lead.date)), "note"],
                ["td", lead.source || texts.no_source],
                [
                    "td",
                    lead.state === "waiting" ? texts.nobody_yet : lead.name,
                    lead.state,
                ],
            ])
        )
    );
    document.querySelector("main").hidden = false;
}

/** Show what changes by itself: the clock, the longest wait, and a lost connection. */
function tick() {
    const now = Date.now() + ahead;
    const isLost = performance.now() - answered > STALE;
    document.body.classList.toggle("lost", isLost);
    find("lost").hidden = !isLost;
    if (!figures) {
        setText(find("lost"), fallbacks[lang] || Object.values(fallbacks).join(" · "));
        return;
    }
    const {oldest, deadline} = figures;
    setText(find("clock"), tellTime(now));
    setText(
        find("lost"),
        `${figures.texts.lost} · ${fill("since", tellTime(now - performance.now() + answered))}`
    );
    show("oldest", ...(oldest ? tellAge(now - parse(oldest)) : ["–"]));
    const left = parse(deadline) - now;
    const isLate = Boolean(deadline) && left < 0;
    const isUrgent = Boolean(deadline) && left < (figures.within * 60_000) / 3;
    find("oldest").classList.toggle("late", isLate);
    find("oldest").classList.toggle("urgent", isUrgent && !isLate);
}

async function look() {
    looked = performance.now();
    const headers = etag ? {"If-None-Match": etag} : {};
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), PATIENCE);
    const {signal} = controller;
    const response = await fetch(url, {cache: "no-store", headers, signal});
    if (response.status === 200) {
        const former = figures;
        figures = await response.json();
        if (former && former.version !== figures.version) {
            location.reload();
        }
        etag = response.headers.get("ETag");
        render();
    } else if (response.status !== 304) {
        throw new Error(response.status);
    }
    clearTimeout(timer);
    ahead = Date.parse(response.headers.get("Date")) - Date.now() || 0;
    answered = performance.now();
}

async function run() {
    if (!isLooking && performance.now() - looked >= PERIOD) {
        isLooking = true;
        // The next look may succeed; until then the page says that it is not up to date.
        await look().catch(() => null);
        isLooking = false;
    }
    tick();
}

setInterval(run, 1_000);
addEventListener("online", () => {
    looked = -PERIOD;
});
run();
