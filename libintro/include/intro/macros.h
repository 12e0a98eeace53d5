/* Decorations that the other public headers share. */
#ifndef INTRO_MACROS_H
#define INTRO_MACROS_H

#ifdef __cplusplus
#define INTRO_BEGIN_DECLS extern "C" {
#define INTRO_END_DECLS }
#else
#define INTRO_BEGIN_DECLS
#define INTRO_END_DECLS
#endif

#define INTRO_API __attribute__((visibility("default")))
#define INTRO_NODISCARD __attribute__((warn_unused_result))

#endif
