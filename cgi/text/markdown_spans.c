#include "text/markdown_spans.h"

bool markdown_spans_enter(struct markdown_spans *spans, MD_SPANTYPE type)
{
	if (spans->depth == MARKDOWN_SPAN_DEPTH_MAX) {
		spans->beyond++;
		return false;
	}
	spans->types[++spans->depth] = type;
	return true;
}

int markdown_spans_leave(struct markdown_spans *spans, MD_SPANTYPE type)
{
	int depth = spans->depth;

	if (spans->beyond > 0) {
		spans->beyond--;
		return 0;
	}
	while (depth > 0 && spans->types[depth] != type)
		depth--;
	return depth > 0 ? spans->depth - depth + 1 : 0;
}

int markdown_spans_end(struct markdown_spans *spans)
{
	spans->beyond = 0;
	return spans->depth;
}

MD_SPANTYPE markdown_spans_close(struct markdown_spans *spans)
{
	return spans->types[spans->depth--];
}

bool markdown_span_is_link(MD_SPANTYPE type)
{
	return type == MD_SPAN_A || type == MD_SPAN_IMG;
}
