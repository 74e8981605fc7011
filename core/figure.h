/* SPDX-License-Identifier: MIT */
/* figure: what graphs, sequences, timelines and charts have in common. */
#ifndef CF_CORE_FIGURE_H
#define CF_CORE_FIGURE_H

/* What a node or participant is; renderers give it a shape. */
enum cf_party {
	CF_PARTY_PLAIN, /* a function, a module, anything */
	CF_PARTY_SERVICE,
	CF_PARTY_DATABASE,
	CF_PARTY_QUEUE,
	CF_PARTY_EXTERNAL, /* not ours: no data of its own */
	CF_PARTY_OTHERS    /* stands for several that aren't drawn */
};
#define CF_PARTIES (CF_PARTY_OTHERS + 1)

static inline const char *cf_party_name(enum cf_party party)
{
	static const char *const names[CF_PARTIES] = { "plain", "service",  "database",
						       "queue", "external", "others" };

	return names[party];
}

/* What is said of a node, edge, message or interval; renderers say it in words and by shape, not by colour alone. */
enum cf_mark {
	CF_MARK_NEW = 1,       /* wasn't there before */
	CF_MARK_GONE = 2,      /* isn't there any more */
	CF_MARK_HIGHLIGHT = 4, /* of the critical path, of a cycle: the figure's highlight says of what */
	CF_MARK_FAILED = 8     /* ended in an error */
};

/* "new", "gone", "failed" or what the highlight stands for; the first that is set; "" for none. */
static inline const char *cf_mark_word(unsigned marks, const char *highlight)
{
	if (marks & CF_MARK_NEW)
		return "new";
	if (marks & CF_MARK_GONE)
		return "gone";
	if (marks & CF_MARK_FAILED)
		return "failed";
	return marks & CF_MARK_HIGHLIGHT ? highlight : "";
}

#endif
