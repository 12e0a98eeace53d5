# How everything is compiled. Three interface targets:
#   intro_flags       language, warnings and hardening, for all
#   intro_strict      further warnings, for the library and the tools
#   intro_instrument  sanitizers and coverage, for what is to be tested (not for test targets)
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)

add_library(intro_flags INTERFACE)
target_compile_features(intro_flags INTERFACE c_std_17)
set(CMAKE_C_EXTENSIONS OFF)
# Empty and not 1, so that a file may say #define _GNU_SOURCE itself.
target_compile_definitions(intro_flags INTERFACE _GNU_SOURCE= INTRO_VERSION="${PROJECT_VERSION}")
target_compile_options(intro_flags INTERFACE
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wold-style-definition -Wvla -Wformat=2
	-Wno-format-nonliteral -Wpointer-arith -Wwrite-strings -Wundef
	-Wimplicit-fallthrough -Wdate-time
	$<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches
		-Wjump-misses-init -Wtrampolines>
	# Long texts in tables are written so.
	$<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation>
	$<$<BOOL:${INTRO_WERROR}>:-Werror>)

# Hardening. _FORTIFY_SOURCE wants optimization, and hides errors from the address sanitizer.
target_compile_options(intro_flags INTERFACE -fstack-protector-strong)
if(NOT INTRO_SANITIZE)
	target_compile_definitions(intro_flags INTERFACE
		$<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
target_link_options(intro_flags INTERFACE
	-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)

add_library(intro_strict INTERFACE)
target_compile_options(intro_strict INTERFACE
	-Wpedantic -Wconversion -Wno-sign-conversion -Wcast-qual
	-Wmissing-prototypes -Wmissing-declarations -Wredundant-decls)
if(INTRO_EVERYTHING)
	target_compile_options(intro_strict INTERFACE -Weverything
		# Style that this project has chosen otherwise, or not of C17.
		-Wno-padded -Wno-packed -Wno-declaration-after-statement -Wno-switch-enum
		-Wno-covered-switch-default -Wno-disabled-macro-expansion -Wno-reserved-identifier
		-Wno-reserved-macro-identifier -Wno-reserved-id-macro -Wno-c++98-compat
		-Wno-c++-compat -Wno-used-but-marked-unused -Wno-documentation
		-Wno-documentation-unknown-command -Wno-gnu-zero-variadic-macro-arguments
		-Wno-unsafe-buffer-usage -Wno-pre-c2x-compat -Wno-unknown-warning-option
		-Wno-cast-align -Wno-comma -Wno-float-equal
		-Wno-format-nonliteral -Wno-sign-conversion -Wno-vla -Wno-tautological-unsigned-zero-compare)
endif()

add_library(intro_instrument INTERFACE)
if(INTRO_FUZZ)
	if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
		message(FATAL_ERROR "INTRO_FUZZ needs clang: take the preset fuzz")
	endif()
	target_compile_options(intro_instrument INTERFACE -fsanitize=fuzzer-no-link)
	target_link_options(intro_instrument INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(INTRO_SANITIZE)
	target_compile_options(intro_instrument INTERFACE -fsanitize=${INTRO_SANITIZE}
		-fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(intro_instrument INTERFACE -fsanitize=${INTRO_SANITIZE})
endif()
if(INTRO_COVERAGE)
	target_compile_options(intro_instrument INTERFACE --coverage -fprofile-update=atomic)
	target_link_options(intro_instrument INTERFACE --coverage)
endif()

if(INTRO_LTO)
	include(CheckIPOSupported)
	check_ipo_supported(LANGUAGES C)
	set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
