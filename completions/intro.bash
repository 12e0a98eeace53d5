# Completions of intro and its tools, for bash 4.3 and later.
#
# What is installed is this file followed by what each tool prints of itself, so that options,
# columns and views are written down only once, in the tables of the tools:
#
#	cat completions/intro.bash; intro-ps --print-completion=bash
#
# A tool adds its name to _intro_tools and fills, under its name,
#
#	_intro_options    its options; those with an optional argument also with "=" at the end
#	_intro_columns    its columns, and "all"
#	_intro_views      its views
#	_intro_operands   what completes an operand
#
# and _intro_arguments_TOOL: by option (with "=" if the argument is optional), what completes its
# argument: nothing, columns, sort, views, pids, pids_and_names, pids_names_and_files, users, ttys,
# directories, files, or words or word_list (with commas) followed by the words.
#
# Nothing is run but bash itself: names of processes are read from /proc, and those that are not
# made of plain letters are not offered.

_intro_tools=()
declare -gA _intro_options=() _intro_columns=() _intro_views=() _intro_operands=()

# Adds those of the arguments after the second that begin with $2, each with $1 before it.
_intro_offer() {
	local before=$1 beginning=$2 word
	shift 2
	for word; do
		[[ $word == "$beginning"* ]] && COMPREPLY+=("$before$word")
	done
}

# Splits $1 at its last comma into $_intro_before, with the comma, and $_intro_last.
_intro_split() {
	_intro_last=${1##*,}
	_intro_before=${1%"$_intro_last"}
}

_intro_offer_columns() {
	local _intro_before _intro_last
	_intro_split "$2"
	# A sign belongs to a name, but there is only one.
	if [[ $_intro_last == [+-]* ]]; then
		_intro_before+=${_intro_last:0:1}
		_intro_last=${_intro_last:1}
	fi
	# shellcheck disable=SC2086 # words
	_intro_offer "$_intro_before" "$_intro_last" ${_intro_columns[$1]}
	compopt -o nospace 2>/dev/null
}

_intro_offer_pids() {
	local _intro_before _intro_last
	_intro_split "$1"
	local -a directories=(/proc/[0-9]*)
	_intro_offer "$_intro_before" "$_intro_last" "${directories[@]#/proc/}"
}

_intro_offer_names() {
	local file name
	local -A seen=()
	for file in /proc/[0-9]*/comm; do
		name=
		{ IFS= read -r name <"$file"; } 2>/dev/null
		[[ $name =~ ^[A-Za-z0-9_.@+-]+$ && -z ${seen[$name]} ]] || continue
		seen[$name]=1
		_intro_offer "" "$1" "$name"
	done
}

_intro_offer_users() {
	local _intro_before _intro_last name rest
	_intro_split "$1"
	while IFS=: read -r name rest; do
		_intro_offer "$_intro_before" "$_intro_last" "$name"
	done </etc/passwd
}

_intro_offer_ttys() {
	local _intro_before _intro_last
	_intro_split "$1"
	local device
	_intro_offer "$_intro_before" "$_intro_last" none
	for device in /dev/pts/[0-9]* /dev/tty[0-9]*; do
		[[ -e $device ]] && _intro_offer "$_intro_before" "$_intro_last" "${device#/dev/}"
	done
}

_intro_offer_files() {
	local -a files
	mapfile -t files < <(compgen -f -- "$1")
	COMPREPLY+=("${files[@]}")
	compopt -o filenames 2>/dev/null
}

# Completes $3 as what the words of $2 say, for tool $1.
_intro_offer_kind() {
	local tool=$1 word=$3
	local -a kind
	read -ra kind <<<"$2"
	case ${kind[0]} in
	columns | sort) _intro_offer_columns "$tool" "$word" ;;
	# shellcheck disable=SC2086 # words
	views) _intro_offer "" "$word" ${_intro_views[$tool]} ;;
	pids) _intro_offer_pids "$word" ;;
	pids_and_names)
		_intro_offer_pids "$word"
		_intro_offer_names "$word"
		;;
	pids_names_and_files)
		_intro_offer_pids "$word"
		_intro_offer_names "$word"
		_intro_offer_files "$word"
		;;
	users) _intro_offer_users "$word" ;;
	ttys) _intro_offer_ttys "$word" ;;
	directories)
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		compopt -o filenames 2>/dev/null
		;;
	files) _intro_offer_files "$word" ;;
	words) _intro_offer "" "$word" "${kind[@]:1}" ;;
	word_list)
		local _intro_before _intro_last
		_intro_split "$word"
		_intro_offer "$_intro_before" "$_intro_last" "${kind[@]:1}"
		;;
	esac
}

_intro_complete_tool() {
	local tool=$1 word=${COMP_WORDS[COMP_CWORD]} option=
	local -n arguments=_intro_arguments_$tool
	local before=${COMP_WORDS[COMP_CWORD - 1]}

	# "=" is a word of its own for bash.
	if [[ $word == = ]]; then
		word= option=$before
	elif [[ $before == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [[ -n $option ]]; then
		_intro_offer_kind "$tool" "${arguments[$option=]-${arguments[$option]-}}" "$word"
	elif [[ $before == -* && -n ${arguments[$before]-} ]]; then
		_intro_offer_kind "$tool" "${arguments[$before]}" "$word"
	elif [[ $word == -* ]]; then
		# shellcheck disable=SC2086 # words
		_intro_offer "" "$word" ${_intro_options[$tool]}
		[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] &&
			compopt -o nospace 2>/dev/null
	else
		_intro_offer_kind "$tool" "${_intro_operands[$tool]}" "$word"
	fi
}

_intro_complete() {
	local tool=${COMP_WORDS[0]##*/}
	COMPREPLY=()

	if [[ $tool == intro-* ]]; then
		tool=${tool#intro-}
	elif ((COMP_CWORD == 1)); then
		_intro_offer "" "${COMP_WORDS[1]}" "${_intro_tools[@]}" help --help --version
		return
	elif [[ ${COMP_WORDS[1]} == help ]]; then
		((COMP_CWORD == 2)) && _intro_offer "" "${COMP_WORDS[2]}" "${_intro_tools[@]}"
		return
	else
		tool=${COMP_WORDS[1]}
	fi
	[[ -n ${_intro_options[$tool]+known} ]] && _intro_complete_tool "$tool"
}

complete -F _intro_complete intro
