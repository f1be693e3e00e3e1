/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring of vmm-core/abi/ring.h on a weakly ordered machine, for Spin.
 *
 * The writer's stores wait in a buffer and become visible in any order that
 * its barriers and coherence allow; the reader's loads run in any order
 * that its own allow. Checked in every interleaving of both: a record is
 * accepted only whole, its number is right, and in the end written = read +
 * missed. Readers share nothing, so one stands for all.
 *
 * NO_W1, NO_W3, NO_R1 and NO_R3 each leave out one barrier and NO_MARGIN the
 * page that a writer may be ahead: tests/model/run expects each to fail.
 */
#ifndef RECORDS
#define RECORDS	4
#endif
#ifndef SLOTS
#define SLOTS	4
#endif
#define PAGE	2		/* slots; also the longest record */
#define BUFFER	6		/* stores that may wait at a time */
#define POSITIONS (2 * RECORDS + 1)

#ifdef NO_MARGIN
#define REACH	SLOTS
#else
#define REACH	(SLOTS - PAGE)
#endif
/* a record's number is cut to this, as seq cuts it to 32 bits */
#define SEQ(n)	((n) % (2 * SLOTS))

#define PAGE_UP(p)	(((p) + PAGE - 1) / PAGE * PAGE)
#define OLDEST(h)	((h) > REACH -> (h) - REACH : 0)

/*
 * The memory that both see. A slot is one word that names its position (+ 1):
 * a record is torn if any word of it is not the one that was written there.
 */
#define HEAD	0
#define WRITTEN	1
#define SLOT(p)	(2 + (p) % SLOTS)
byte memory[2 + SLOTS];

/* Stores on their way, oldest first. */
byte stores;
byte to[BUFFER + 1], value[BUFFER + 1];
bool after_fence[BUFFER + 1];	/* none from here on before all ahead */
bool release[BUFFER + 1];		/* not before all ahead */
bool fence_waits;
bool finished;

/* What the writer put at a position. */
byte length[POSITIONS];		/* of the record that starts there; 0: a pad */
byte number[POSITIONS];

inline store(where, what, is_release)
{
	atomic {
		stores < BUFFER;
		to[stores] = where;
		value[stores] = what;
		release[stores] = is_release;
		after_fence[stores] = fence_waits && stores > 0;
		fence_waits = false;
		stores++
	}
}

inline release_fence()
{
#ifndef NO_W1
	fence_waits = true
#else
	skip
#endif
}

inline publish(head)
{
	store(WRITTEN, n, false);
#ifndef NO_W3
	store(HEAD, head, true)
#else
	store(HEAD, head, false)
#endif
}

active proctype writer()
{
	byte n, h, slots;

	do
	:: n < RECORDS ->
		if
		:: slots = 1
		:: slots = PAGE
		fi;
		if
		:: h % PAGE + slots > PAGE ->
			atomic {
				release_fence();
				length[h] = 0;
				h++
			}
			store(SLOT(h - 1), h, false);
			publish(h)
		:: else
		fi;
		atomic {
			release_fence();
			length[h] = slots;
			number[h] = n;
			n++
		}
		do
		:: slots > 0 ->
			store(SLOT(h), h + 1, false);
			atomic { slots--; h++ }
		:: else -> break
		od;
		publish(h)
	:: else -> break
	od;
	atomic { stores == 0; finished = true }
}

/* May store i become visible? */
inline may_pass(i, yes)
{
	yes = !release[i] || i == 0;
	j = 0;
	do
	:: j < i ->
		yes = yes && to[j] != to[i] && !after_fence[j + 1];
		j++
	:: else -> break
	od
}

inline make_visible(i)
{
	memory[to[i]] = value[i];
	stores--;
	j = i;
	do
	:: j < stores ->
		to[j] = to[j + 1];
		value[j] = value[j + 1];
		release[j] = release[j + 1];
		after_fence[j] = after_fence[j + 1] && j > 0;
		j++
	:: else -> break
	od;
	/* dead entries must not tell states apart */
	to[stores] = 0;
	value[stores] = 0;
	release[stores] = false;
	after_fence[stores] = false
}

active proctype buffer()
{
	byte i, j;
	bool yes;

	do
	:: stores > 0 ->
		atomic {
			i = 0;
			do
			:: i + 1 < stores -> i++
			:: break
			od;
			d_step {
				may_pass(i, yes);
				if
				:: yes -> make_visible(i)
				:: else
				fi;
				i = 0;
				j = 0;
				yes = false
			}
		}
	:: finished -> break
	od
}

#define BATCH	2		/* slots that are copied at a time */

byte position, next, read, missed;
bool in_step;

/* Loads of one look at the ring, and which of them are done. */
byte head1, head2, seen, word[BATCH];
bool got_head1, got_head2, got_seen, got[BATCH];

#define COPIED	(got_seen && got[0] && got[1])
#ifndef NO_R1
#define MAY_COPY	got_head1
#else
#define MAY_COPY	true
#endif
#ifndef NO_R3
#define MAY_CHECK	(got_head1 && COPIED)
#else
#define MAY_CHECK	got_head1	/* the same address: in order anyway */
#endif

inline forget_loads()
{
	d_step {
		head1 = 0; head2 = 0; seen = 0;
		word[0] = 0; word[1] = 0;
		got_head1 = false; got_head2 = false; got_seen = false;
		got[0] = false; got[1] = false
	}
}

/* R1, and what follows from it: go back in step if that far behind. */
inline load_head()
{
	d_step {
		head1 = memory[HEAD];
		got_head1 = true;
		if
		:: position < OLDEST(head1) ->
			position = PAGE_UP(OLDEST(head1));
			in_step = false;
			/* what ran ahead of R1 was for another position */
			got_seen = false;
			got[0] = false; got[1] = false
		:: else
		fi
	}
}

inline load_all()
{
	do
	:: !got_head1 -> load_head()
	:: !got_seen && MAY_COPY ->
		atomic { seen = memory[WRITTEN]; got_seen = true }
	:: !got[0] && MAY_COPY ->
		atomic { word[0] = memory[SLOT(position)]; got[0] = true }
	:: !got[1] && MAY_COPY ->
		atomic { word[1] = memory[SLOT(position + 1)]; got[1] = true }
	:: !got_head2 && MAY_CHECK ->
		atomic { head2 = memory[HEAD]; got_head2 = true }
	:: got_head1 && head1 == position -> break
	:: got_head2 && COPIED -> break
	od
}

/* The record at p is accepted: is it the one that was written there? */
inline accept(p)
{
	if
	:: in_step -> skip
	:: else ->
		behind = (SEQ(seen) + 2 * SLOTS - SEQ(number[p])) % (2 * SLOTS);
		assert(behind > 0 && behind <= seen && seen - behind >= next);
		missed = missed + (seen - behind - next);
		next = seen - behind;
		in_step = true
	fi;
	assert(number[p] == next);
	next++;
	read++
}

inline check_and_take()
{
	d_step {
		start = position;
		end = (head1 - start > BATCH ->
		       (start + BATCH) / PAGE * PAGE : head1);
		p = start;
		if
		:: start < OLDEST(head2) ->
			p = PAGE_UP(OLDEST(head2));
			in_step = false
		:: else
		fi;
		position = (p < end -> end : p);
		left = 0;
		do
		:: p < end ->
			assert(word[p - start] == p + 1);
			if
			:: left > 0 -> left--
			:: left == 0 && length[p] > 0 ->
				assert(p + length[p] <= end);
				accept(p);
				left = length[p] - 1
			:: else		/* a pad */
			fi;
			p++
		:: else -> break
		od;
		start = 0; end = 0; p = 0; left = 0; behind = 0
	}
}

active proctype reader()
{
	byte start, end, p, left, behind;

	do
	:: finished && position == memory[HEAD] -> break
	:: else ->
		forget_loads();
		load_all();
		if
		:: head1 != position -> check_and_take()
		:: else
		fi
	od;
	assert(read + missed == RECORDS)
}
