/* SPDX-License-Identifier: MIT */
/* escape: names as data, one escaper per output context. */
#ifndef CF_RENDER_ESCAPE_H
#define CF_RENDER_ESCAPE_H

#include "core/files.h"

/*
 * All take any bytes and write valid UTF-8: invalid bytes become U+FFFD; C0 and C1 controls, DEL and bidi
 * controls and characters that aren't seen are written visibly (\x1b, \u202e).
 */
void cf_escape_html(struct cf_out *out, const char *text); /* element content and quoted attributes */
void cf_escape_markdown(struct cf_out *out,
			const char *text); /* inline text and table cells, GitHub flavour */
void cf_escape_markdown_code(struct cf_out *out, const char *text,
			     gboolean in_table);          /* a code span, fence long enough */
void cf_escape_csv(struct cf_out *out, const char *text); /* RFC 4180; =, +, -, @, TAB, CR get a leading ' */
/* A label of a Mermaid diagram, quoted or not, at most columns wide (0: no limit): all that could be syntax, a
 * directive or an entity is one of Mermaid's own entities (#35;). Nothing becomes "(no name)". */
void cf_escape_mermaid(struct cf_out *out, const char *text, int columns);
void cf_escape_terminal(struct cf_out *out, const char *text); /* cf_visible */
/* Valid UTF-8 without C0 for XML text, escaping left to the XML writer. Caller frees. */
char *cf_escape_xml_text(const char *text);
/* Display columns of valid UTF-8 text (East Asian wide = 2, combining = 0). */
int cf_display_width(const char *text);

#endif
