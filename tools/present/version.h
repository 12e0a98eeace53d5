/* The version that --version tells; the build gives it. */
#ifndef PRESENT_VERSION_H
#define PRESENT_VERSION_H

#ifndef INTRO_VERSION
#define INTRO_VERSION "0.1.0"
#endif

#endif
