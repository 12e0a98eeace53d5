/* /proc/PID/fdinfo/FD. The first byte says of what kind the descriptor is. */
#include "fuzz/fuzz.h"

#include "fd/fdinfo.h"

static void require_in(struct intro_bytes bytes, const struct intro_buf *buf)
{
	require_inside(bytes, (const uint8_t *)buf->data, buf->len);
}

static void check(const struct intro_fdinfo *info, enum intro_fd_kind kind,
		  const struct intro_fdinfo_store *store, const uint8_t *text, size_t len)
{
	REQUIRE(info->lock_count <= store->locks_size && info->epoll_count <= store->epoll_size);
	REQUIRE(!info->lock_count == !info->locks && !info->epoll_count == !info->epoll);
	REQUIRE(!info->watch_count == !info->watches);
	REQUIRE(!info->epoll || kind == INTRO_FD_KIND_EPOLL);
	REQUIRE(!info->io_uring || kind == INTRO_FD_KIND_IO_URING);
	REQUIRE(!(info->have & INTRO_FDINFO_FLAGS) || info->access != INTRO_FD_ACCESS_UNKNOWN);
	REQUIRE(!(info->flags & 02000003));
	for (size_t i = 0; i < info->watch_count; i++) {
		require_in(info->watches[i].handle, &store->handles);
		REQUIRE(info->watches[i].handle_type >= -1);
	}
	for (size_t i = 0; i < info->epoll_count; i++)
		REQUIRE(info->epoll[i].fd >= 0 && !info->epoll[i].is_checked);
	if (info->bpf) {
		require_inside(info->bpf->tag, text, len);
		require_inside(info->bpf->type_name, text, len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct intro_fdinfo_store store = {0};
	FILLED(struct intro_fdinfo, info);

	if (!size)
		return 0;
	enum intro_fd_kind kind = (enum intro_fd_kind)(data[0] % INTRO_FD_KIND_COUNT);
	/* Twice: what the first leaves behind must not be seen by the second. */
	for (int round = 0; round < 2; round++) {
		int r = intro_parse_fdinfo((const char *)data + 1, size - 1, kind, &store, &info);

		if (r < 0) {
			REQUIRE(r == INTRO_E_FORMAT);
			REQUIRE_UNTOUCHED(info);
		} else {
			check(&info, kind, &store, data + 1, size - 1);
		}
	}
	intro_fdinfo_store_free(&store);
	return 0;
}
