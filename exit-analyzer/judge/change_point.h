/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds where a series changed: the split that explains it best by two
 * levels.
 */
#ifndef EXIT_ANALYZER_JUDGE_CHANGE_POINT_H
#define EXIT_ANALYZER_JUDGE_CHANGE_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct change_point {
	size_t at;		/* first value of the new level; 0: none */
	uint64_t before, after;	/* medians of the two levels */
	double p;		/* that chance would split as well */
};

/*
 * Looks at the last PERMUTATION_MAX values at most, and prefers the latest of
 * equally good splits. exact: values have no noise, and any change counts (p is
 * 0). Otherwise the caller decides by p, which is corrected for the choice of
 * the split.
 */
struct change_point change_point_find(const uint64_t *value, size_t count,
				      bool exact);

#endif
