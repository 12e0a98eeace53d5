# cmake -DTEMPLATE=F -DRESULT=F -DTOOLS=A;B -P completion.cmake: the bash completion is the template
# and behind it what each tool tells of its options and columns.
file(READ ${TEMPLATE} text)
foreach(tool IN LISTS TOOLS)
	execute_process(COMMAND ${tool} --print-completion=bash
		OUTPUT_VARIABLE words COMMAND_ERROR_IS_FATAL ANY)
	string(APPEND text "\n${words}")
endforeach()
file(WRITE ${RESULT} "${text}")
