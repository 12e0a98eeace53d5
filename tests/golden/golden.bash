# For the tests on captured trees: compares what a command says with a file in expected/.
#
#     INTRO_RENEW_GOLDEN=1 ctest --test-dir build/release -L golden
#
# writes those files anew from what the tools say now. Read the difference (git diff
# tests/golden/expected) before you commit it: the files are what is right, not what was printed.

bats_require_minimum_version 1.5.0

setup() {
	PATH="$INTRO_BIN_DIR:$PATH"
	cd "$INTRO_SOURCE_DIR/tests/fixtures"
	expected=$BATS_TEST_DIRNAME/expected
	export LC_ALL=C.UTF-8 TERM=xterm-256color TZ=UTC COLUMNS=80
	unset NO_COLOR
}

# tree NAME ARGUMENTS...: intro-ps on a captured tree, with the users of that system.
tree() {
	if [ -d "$1/etc" ]; then
		intro-ps --procfs "$1/proc" --sysroot "$1" "${@:2}"
	else
		intro-ps --procfs "$1/proc" "${@:2}"
	fi
}

# on_terminal COLUMNS COMMAND...: what the command shows on a terminal so wide.
on_terminal() {
	python3 "$BATS_TEST_DIRNAME/on_terminal" "$@"
}

# same NAME COMMAND...: output, then messages and exit status where they are not nothing and 0.
same() {
	local file=$expected/$1 status=0
	"${@:2}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	{
		cat "$BATS_TEST_TMPDIR/out"
		sed 's/^/message: /' "$BATS_TEST_TMPDIR/err"
		[ "$status" = 0 ] || echo "exit status: $status"
	} >"$BATS_TEST_TMPDIR/all"
	if [ -n "${INTRO_RENEW_GOLDEN-}" ]; then
		cp "$BATS_TEST_TMPDIR/all" "$file"
	fi
	diff -u "$file" "$BATS_TEST_TMPDIR/all"
}
