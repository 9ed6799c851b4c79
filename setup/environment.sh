# shellcheck shell=bash
# What setup/demo, setup/test and setup/lint share: getting Odoo, Python's packages,
# PostgreSQL and a database, all of it below var/. Sourced, never run.

set -Eeuo pipefail
shopt -s inherit_errexit

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VAR=$ROOT/var
PYTHON=$VAR/venv/bin/python
ODOO_TREE=$VAR/odoo/usr/lib/python3/dist-packages
ODOO_PATH=${ODOO_SOURCE:-$ODOO_TREE}

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
    local name=$1 log=$VAR/log/$1.log
    shift
    mkdir -p "$VAR/log"
    start "$@" >"$log" 2>&1
    wait "${PIDS[-1]}" || {
        tail -n 20 "$log" >&2
        fail "$name (the whole output is in $log)" "Mend what it says and run the command again: it goes on from there."
    }
    unset 'PIDS[-1]'
}

# ------------------------------------------------------------------ starting, ending

# What this command started, ended in reverse order however it ends.
PIDS=()
SOCKETS=""

# start COMMAND...: in the background, with its children a group of its own, so that a
# Ctrl-C reaches this script alone and that ends them in order
start() {
    set -m
    "$@" &
    set +m
    PIDS+=("$!")
}

# stop_started: ends what this command started, and waits until it has ended
stop_started() {
    local i tries group
    # A second Ctrl-C must not end this half-way.
    trap '' INT TERM HUP
    for ((i = ${#PIDS[@]} - 1; i >= 0; i--)); do
        group=-${PIDS[i]}
        kill -TERM -- "$group" 2>/dev/null || continue
        for ((tries = 0; tries < 100; tries++)); do
            kill -0 -- "$group" 2>/dev/null || break
            # PostgreSQL waits for its clients on a TERM, and disconnects them on an INT
            ((tries != 30)) || kill -INT -- "$group" 2>/dev/null || true
            sleep 0.1
        done
        kill -KILL -- "$group" 2>/dev/null || true
    done
    PIDS=()
    [[ -z $SOCKETS ]] || rm -rf "$SOCKETS"
    SOCKETS=""
}
trap stop_started EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

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
# Font Awesome 4, which unstable has no longer. nginx is for the test of deployment.
ODOO_FILES=(odoo-19 fonts-inconsolata fonts-montserrat fonts-roboto-unhinted
    libjs-jquery libjs-jquery-form libjs-underscore fonts-font-awesome/trixie nginx/trixie)
NGINX=$VAR/odoo/usr/sbin/nginx

# prepare_odoo: unpacks Debian's odoo-19 below var/odoo
prepare_odoo() {
    step "Odoo 19"
    if [[ -n ${ODOO_SOURCE:-} ]]; then
        [[ -f $ODOO_SOURCE/odoo/http.py ]] ||
            fail "ODOO_SOURCE=$ODOO_SOURCE has no odoo/http.py" "Name the folder that holds Odoo's package."
        return
    fi
    lock odoo wait
    if [[ ! -x $NGINX ]]; then
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

# prepare_python: makes var/venv, anew when what goes into it has changed
prepare_python() {
    step "Python packages"
    local base=${ODOO_PYTHON:-/usr/bin/python3} stamp
    local files=("$ROOT/requirements.txt" "$ROOT/test-requirements.txt")
    [[ -n ${ODOO_PYTHON:-} ]] || files+=("$ROOT/setup/odoo-requirements.txt")
    stamp=$( (
        echo "$base $ODOO_PATH"
        "$base" --version
        cat "${files[@]}"
    ) | sha256sum)
    lock venv wait
    if [[ $(cat "$VAR/venv/stamp" 2>/dev/null) != "$stamp" ]]; then
        echo "    installing into var/venv" >&2
        rm -rf "$VAR/venv"
        logged venv "$base" -m venv "$VAR/venv"
        # Odoo, and the packages of the Python that was named, are found, not copied.
        "$PYTHON" - "$base" "$ODOO_PATH" "${ODOO_PYTHON:-}" <<'EOF'
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
        logged pip "$PYTHON" -m pip install --disable-pip-version-check "${options[@]}"
        echo "$stamp" >"$VAR/venv/stamp"
    fi
    unlock
}

# ------------------------------------------------------------------ PostgreSQL

# run_postgres COMMAND...: PostgreSQL refuses root, so it runs as user postgres then, with
# the one capability that lets it reach var/ wherever the clone lies
run_postgres() {
    cd / # a folder that it may be in
    if ((EUID == 0)); then
        exec setpriv --reuid=postgres --regid=postgres --clear-groups \
            --inh-caps=-all,+dac_override --ambient-caps=-all,+dac_override "$@"
    else
        exec "$@"
    fi
}

# start_postgresql STATE [OPTION...]: the cluster of var/STATE, on a Unix socket alone
start_postgresql() {
    step "PostgreSQL"
    [[ -z ${PGHOST:-} ]] || return 0
    local state=$VAR/$1 bin log=$VAR/$1/postgresql.log
    shift
    bin=$(find_postgresql)
    export PGUSER=odoo
    unset PGPORT PGPASSWORD
    if [[ ! -d $state/postgresql ]]; then
        rm -rf "$state/postgresql.new"
        mkdir -p "$state/postgresql.new"
        ((EUID != 0)) || chown postgres: "$state/postgresql.new"
        logged initdb run_postgres "$bin/initdb" --pgdata="$state/postgresql.new" \
            --username=odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8
        mv "$state/postgresql.new" "$state/postgresql"
    fi
    # A path to a socket may have 107 bytes, and var/ may be deep.
    SOCKETS=$(mktemp --directory /tmp/crm_lead_api.XXXXXXXX)
    ((EUID != 0)) || chown postgres: "$SOCKETS"
    chmod 711 "$SOCKETS"
    start run_postgres "$bin/postgres" -D "$state/postgresql" -c listen_addresses= \
        -c unix_socket_directories="$SOCKETS" "$@" >"$log" 2>&1
    export PGHOST=$SOCKETS
    for _ in {1..300}; do
        "$bin/pg_isready" --quiet && return 0
        kill -0 "${PIDS[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$log" >&2
    fail "PostgreSQL does not start (the whole output is in $log)"
}

# ------------------------------------------------------------------ Odoo's database

# configure STATE DATABASE [LINE...]: writes var/STATE/odoo.conf
configure() {
    local state=$VAR/$1 database=$2
    shift 2
    local addons=$ROOT
    [[ ! -d $ODOO_PATH/addons/crm ]] || addons+=,$ODOO_PATH/addons
    CONFIG=$state/odoo.conf
    mkdir -p "$state"
    (
        umask 077
        printf '%s\n' "[options]" "addons_path = $addons" "data_dir = $state/data" \
            "db_host = $PGHOST" ${PGPORT:+"db_port = $PGPORT"} \
            ${PGUSER:+"db_user = $PGUSER"} ${PGPASSWORD:+"db_password = $PGPASSWORD"} \
            "db_name = $database" "dbfilter = ^$database\$" "list_db = False" \
            "$@" >"$CONFIG"
    )
}

# odoo ARGUMENT...: runs Odoo's command line with the configuration
odoo() {
    (cd "$VAR" && exec "$PYTHON" -m odoo "$@" --config="$CONFIG")
}

# database_name KIND: on a server of one's own simple, on a shared one the clone's own
database_name() {
    if [[ -n $SOCKETS ]]; then
        echo "$1"
    else
        echo "crm_lead_api_$1_$(printf %s "$ROOT" | sha256sum | cut -c 1-8)"
    fi
}

drop_database() {
    "$PYTHON" - "$1" <<'EOF'
import sys, psycopg2
from psycopg2.sql import SQL, Identifier
connection = psycopg2.connect(dbname="postgres")
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(sys.argv[1])))
EOF
}

addon_stamp() {
    (cd "$ROOT" && find crm_lead_api* -type f ! -name '*.pyc' ! -path '*/tests/*' -print0 |
        sort --zero-terminated | xargs --null sha256sum | sha256sum)
}

# prepare_database STATE DATABASE ADDONS [OPTION...]: with those installed, and up to date
prepare_database() {
    step "Database"
    local state=$VAR/$1 database=$2 addons=$3 stamp
    shift 3
    stamp=$(addon_stamp)
    [[ $(cat "$state/$database.stamp" 2>/dev/null) != "$stamp" ]] || return 0
    if [[ -f $state/$database.stamp ]]; then
        echo "    updating crm_lead_api" >&2
        logged update odoo --update=crm_lead_api --stop-after-init
    else
        echo "    installing $addons (about a minute)" >&2
        # What an interrupted installation left is of no use.
        logged drop drop_database "$database"
        logged install odoo --init="$addons" --stop-after-init "$@"
        # Not by --load-language: that makes it everybody's language.
        logged language odoo i18n loadlang --languages vi_VN
    fi
    echo "$stamp" >"$state/$database.stamp"
}

# ------------------------------------------------------------------ Odoo's server

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# serve STATE PORT: starts Odoo, and returns when it answers
serve() {
    local log=$VAR/$1/odoo.log port=$2
    step "Odoo on http://localhost:$port"
    start odoo --http-port="$port" >"$log" 2>&1
    for _ in {1..600}; do
        # Its own word: somebody else may have taken the port meanwhile.
        ! grep -q "HTTP service (werkzeug) running on" "$log" || return 0
        kill -0 "${PIDS[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    tail -n 20 "$log" >&2
    fail "Odoo does not start (the whole output is in $log)"
}
