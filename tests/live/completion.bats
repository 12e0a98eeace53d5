# The completions in a real bash: what it offers for words on a command line.

bats_require_minimum_version 1.5.0

setup() {
	file=$INTRO_BUILD_DIR/completions/intro
	[ -e "$file" ] || skip "the completions were not generated"
	PATH="$INTRO_BIN_DIR:$PATH"
}

# offers WORDS...: what is offered for the last word, one a line, in an order of its own.
offers() {
	bash --norc -c '
		source "$1" || exit 1
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
		COMPREPLY=()
		spec=$(complete -p "$1") || exit 1
		[[ $spec =~ -F\ ([^ ]+) ]] || exit 1
		"${BASH_REMATCH[1]}" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$file" "$@" | sort
}

@test "it can be sourced, and says nothing" {
	run --separate-stderr bash --norc -c 'source "$1"' bash "$file"
	[ "$status" = 0 ]
	[ "$output" = "" ]
	[ "$stderr" = "" ]
}

@test "tools" {
	[[ $(offers intro p) == ps ]]
	[[ $(offers intro f) == fd ]]
	[[ $(offers intro "") == *ps* ]]
	[[ $(offers intro help p) == ps ]]
}

@test "options: all that the help has" {
	for tool in ps fd; do
		offered=$(offers intro-$tool --)
		for option in $(intro-$tool --help | grep -o -- '--[a-z-]\+' | sort -u); do
			grep -qE -- "^$option=?\$" <<<"$offered" || {
				echo "# $tool: $option is not offered"
				false
			}
		done
	done
	[ "$(offers intro ps --thr)" = --threads ]
	[ "$(offers intro-ps --nos)" = "" ]
}

@test "columns: all there are, also after a comma and a sign" {
	for tool in ps fd; do
		[ "$(offers intro-$tool -o "" | grep -vx all)" = "$(intro-$tool -H -J | jq -r '.rows[].name' | sort)" ]
	done
	[ "$(offers intro-ps -o static)" = static_priority ]
	[ "$(offers intro-ps -o pid,static)" = pid,static_priority ]
	[ "$(offers intro-ps -o +static)" = +static_priority ]
	[ "$(offers intro-ps --sort -static)" = -static_priority ]
	[ "$(offers intro ps --output = static)" = static_priority ]
}

@test "views, and words" {
	for tool in ps fd; do
		views=$(intro-$tool --help | sed -n '/^Views:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort)
		[ "$(offers intro-$tool --view "")" = "$views" ]
	done
	[ "$(offers intro-ps --view sch)" = sched ]
	[ "$(offers intro-ps --color = a)" = "$(printf 'always\nauto')" ]
	[ "$(offers intro-ps --state Z)" = Z ]
	[ "$(offers intro-ps --state R,Z)" = R,Z ]
	[ "$(offers intro-fd --kind eventf)" = eventfd ]
	[ "$(offers intro-fd --kind reg,eventf)" = reg,eventfd ]
	[ "$(offers intro-fd --slots = cwd,ro)" = cwd,root ]
}

@test "PIDs of the system" {
	[ "$(offers intro-ps -p "$$" | grep -x "$$")" = "$$" ]
	[ "$(offers intro-ps -p "1,$$" | grep -x "1,$$")" = "1,$$" ]
	[ "$(offers intro-ps "$$" | grep -x "$$")" = "$$" ]
	# What is offered exists, or did so a moment ago.
	[ "$(offers intro-ps -p "" | grep -cx 1)" = 1 ]
}

@test "names of processes" {
	offers intro-ps bas | grep -qx bash
}

@test "files, and beside them processes" {
	cd "$BATS_TEST_TMPDIR"
	touch zqfile
	[ "$(offers intro-fd zq)" = zqfile ]
	[ "$(offers intro-fd --path zq)" = zqfile ]
	[ "$(offers intro-fd "$$" | grep -x "$$")" = "$$" ]
	offers intro-fd bas | grep -qx bash
}

@test "users" {
	[ "$(offers intro-ps -u root | grep -x root)" = root ]
}

@test "hostile names of processes are not offered" {
	cp "$INTRO_TARGETS_DIR/names" "$BATS_TEST_TMPDIR/names"
	# zq$(touch x)
	export TARGET_COMM=7a712428746f756368207829
	coproc TARGET { exec "$BATS_TEST_TMPDIR/names" 3>&-; }
	read -r -t 20 -u "${TARGET[0]}" ready
	pid=$TARGET_PID
	cd "$BATS_TEST_TMPDIR"
	[ "$(cat "/proc/$pid/comm")" = 'zq$(touch x)' ]
	[ "$(offers intro-ps zq)" = "" ]
	[ ! -e x ]
	kill "$pid"
}
