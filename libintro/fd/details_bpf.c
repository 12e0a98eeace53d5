/*
 * BPF: a map, a program, a link, or the description of types.
 *   map_type:	1             prog_type:	1                  link_type:	xdp
 *   key_size:	4             prog_jited:	1                  link_id:	89
 *   value_size:	8         prog_tag:	59f4a931744dcdc6   prog_tag:	59f4a931744dcdc6
 *   max_entries:	10        memlock:	4096               prog_id:	110
 *   map_flags:	0x1           prog_id:	108                ifindex:	1
 *   map_extra:	0x0
 *   memlock:	1152          btf_id:	14
 *   map_id:	37
 * Lines that only some links have follow these; one of them is a path.
 */
#include "fd/details.h"

enum line {
	LINE_MAP_TYPE,
	LINE_KEY_SIZE,
	LINE_VALUE_SIZE,
	LINE_MAX_ENTRIES,
	LINE_MAP_FLAGS,
	LINE_MEMLOCK,
	LINE_MAP_ID,
	LINE_PROG_TYPE,
	LINE_PROG_JITED,
	LINE_PROG_TAG,
	LINE_PROG_ID,
	LINE_LINK_TYPE,
	LINE_LINK_ID,
	LINE_BTF_ID,
};

static const struct intro_detail_line lines[] = {
	[LINE_MAP_TYPE] = INTRO_DETAIL("map_type:", U32, bpf.type),
	[LINE_KEY_SIZE] = INTRO_DETAIL("key_size:", U32, bpf.key_size),
	[LINE_VALUE_SIZE] = INTRO_DETAIL("value_size:", U32, bpf.value_size),
	[LINE_MAX_ENTRIES] = INTRO_DETAIL("max_entries:", U32, bpf.max_entries),
	[LINE_MAP_FLAGS] = INTRO_DETAIL("map_flags:", HEX32, bpf.flags),
	[LINE_MEMLOCK] = INTRO_DETAIL("memlock:", U64, bpf.memlock),
	[LINE_MAP_ID] = INTRO_DETAIL("map_id:", U32, bpf.id),
	[LINE_PROG_TYPE] = INTRO_DETAIL("prog_type:", U32, bpf.type),
	[LINE_PROG_JITED] = INTRO_DETAIL("prog_jited:", BOOL, bpf.is_jited),
	[LINE_PROG_TAG] = INTRO_DETAIL("prog_tag:", BYTES, bpf.tag),
	[LINE_PROG_ID] = INTRO_DETAIL("prog_id:", U32, bpf.prog_id),
	[LINE_LINK_TYPE] = INTRO_DETAIL("link_type:", BYTES, bpf.type_name),
	[LINE_LINK_ID] = INTRO_DETAIL("link_id:", U32, bpf.id),
	[LINE_BTF_ID] = INTRO_DETAIL("btf_id:", U32, bpf.id),
};

static void finish(struct intro_details *details)
{
	struct intro_bpf *bpf = &details->store->bpf;

	if (INTRO_SEEN(details, LINE_LINK_TYPE)) {
		bpf->what = INTRO_BPF_LINK;
	} else if (INTRO_SEEN(details, LINE_PROG_TYPE)) {
		bpf->what = INTRO_BPF_PROG;
		bpf->id = bpf->prog_id;
		bpf->prog_id = 0;
	} else if (INTRO_SEEN(details, LINE_MAP_TYPE)) {
		bpf->what = INTRO_BPF_MAP;
	} else if (INTRO_SEEN(details, LINE_BTF_ID)) {
		bpf->what = INTRO_BPF_OTHER;
	} else {
		return;
	}
	details->info->bpf = bpf;
}

const struct intro_details_kind intro_details_bpf = INTRO_DETAILS_KIND(lines, finish);
