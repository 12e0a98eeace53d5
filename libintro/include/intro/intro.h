/* All of libintro. */
#ifndef INTRO_INTRO_H
#define INTRO_INTRO_H

#include <intro/error.h>
#include <intro/fd.h>
#include <intro/lock.h>
#include <intro/names.h>
#include <intro/session.h>
#include <intro/socket.h>
#include <intro/system.h>
#include <intro/task.h>

#endif
