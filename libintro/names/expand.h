/*
 * Turns one .def file into the constants of one set. Included once for each set, with
 *   #define SET signal
 *   #define SET_FILE "names/signal.def"
 * it makes signal_texts (all its names, each terminated, after one spare byte), signal_by_value
 * (offsets into the texts, by value) and signal_rows (other names). With SET_IS_FLAGS there are only
 * rows, and with SET_IS_SPARSE, too: of an enumeration whose values lie too far apart for an array.
 *
 * Rows of a .def file:
 *   NAME(value, IDENTIFIER)          a value, spelled like the macro in the system's headers
 *   TEXT(value, "text")              a value whose name is no such macro
 *   WORD(value, "text", IDENTIFIER)  our word for such a macro
 *   ALIAS(value, IDENTIFIER)         another name that the parser takes
 *   ALIAS_TEXT(value, "text")
 *   BIT(bits, IDENTIFIER)            a flag
 *   FIELD(mask, value, IDENTIFIER)   a value of several bits
 *   FIELD_TEXT(mask, value, "text")
 *
 * A row's text is a member, named for the line it stands in, of a struct of character arrays:
 * so its offset is a constant.
 */
#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define MEMBER JOIN(line, __LINE__)
#define OFFSET offsetof(struct JOIN(SET, text_block), MEMBER)

#define NAME(value, name) TEXT(value, #name)
#define WORD(value, text, name) TEXT(value, text)
#define ALIAS(value, name) ALIAS_TEXT(value, #name)
#define BIT(value, name) FIELD_TEXT(value, value, #name)
#define FIELD(mask, value, name) FIELD_TEXT(mask, value, #name)

struct JOIN(SET, text_block) {
	char spare[1];
#define TEXT(value, text) char MEMBER[sizeof(text)];
#define ALIAS_TEXT(value, text) char MEMBER[sizeof(text)];
#define FIELD_TEXT(mask, value, text) char MEMBER[sizeof(text)];
#include SET_FILE
#undef TEXT
#undef ALIAS_TEXT
#undef FIELD_TEXT
};
_Static_assert(sizeof(struct JOIN(SET, text_block)) <= UINT16_MAX, "offsets have 16 bits");

static const struct JOIN(SET, text_block) JOIN(SET, texts) = {
	"",
#define TEXT(value, text) text,
#define ALIAS_TEXT(value, text) text,
#define FIELD_TEXT(mask, value, text) text,
#include SET_FILE
#undef TEXT
#undef ALIAS_TEXT
#undef FIELD_TEXT
};

#if !defined(SET_IS_FLAGS) && !defined(SET_IS_SPARSE)
static const uint16_t JOIN(SET, by_value)[] = {
#define TEXT(value, text) [value] = OFFSET,
#define ALIAS_TEXT(value, text)
#define FIELD_TEXT(mask, value, text)
#include SET_FILE
#undef TEXT
#undef ALIAS_TEXT
#undef FIELD_TEXT
};
#endif

static const struct intro_name_row JOIN(SET, rows)[] = {
#ifdef SET_IS_SPARSE
#define TEXT(value, text) {~UINT64_C(0), value, OFFSET},
#else
#define TEXT(value, text)
#endif
#define ALIAS_TEXT(value, text) {0, value, OFFSET},
#define FIELD_TEXT(mask, value, text) {mask, value, OFFSET},
#include SET_FILE
#undef TEXT
#undef ALIAS_TEXT
#undef FIELD_TEXT
	{0, 0, 0},
};

#undef SET
#undef SET_FILE
#undef SET_IS_FLAGS
#undef SET_IS_SPARSE
#undef JOIN_
#undef JOIN
#undef MEMBER
#undef OFFSET
#undef NAME
#undef WORD
#undef ALIAS
#undef BIT
#undef FIELD
