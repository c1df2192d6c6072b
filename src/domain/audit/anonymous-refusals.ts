import type { Actor } from '../../kernel/actor.ts';
import { networkPrefix, widePrefix } from '../../kernel/network-prefix.ts';
import type { AdmitsEvent, AuditEvent } from '../../persistence/audit-rows.ts';

/**
 * Refusals of callers nobody knows, as rows of their own in one minute of one process. Beyond, they are counted and one
 * row a minute and network tells how many: whoever needs no credential must not be able to fill the log (ADR 0020).
 */
export const refusalLimits = { address: 30, network: 120, process: 600 } as const;

type Level = keyof typeof refusalLimits;

export type AnonymousRefusals = {
  /** False when the event is not to be written: it was counted instead. */
  readonly admits: AdmitsEvent;
  /** What was counted in minutes that are over (`includeCurrent`: in this one as well), as events; each is given once. */
  take(now: Date, includeCurrent?: boolean): readonly AuditEvent[];
  /** Events that could not be written after all: they are given again. */
  putBack(events: readonly AuditEvent[]): void;
};

export type AnonymousRefusalsParts = {
  /** Told of each refusal that gets no row of its own: for the metric and the log. */
  readonly onCounted: (event: AuditEvent, actor: Actor) => void;
};

const MINUTE_MS = 60_000;

export function createAnonymousRefusals({ onCounted }: AnonymousRefusalsParts): AnonymousRefusals {
  let minute = 0;
  let books = new Map<string, Book>();
  let over: AuditEvent[] = [];

  const turnTo = (now: Date): void => {
    const current = Math.floor(now.getTime() / MINUTE_MS);
    if (current === minute) return;
    over.push(...[...books.values()].flatMap((book) => summariesOf(book, minute)));
    books = new Map();
    minute = current;
  };

  return {
    admits(event, workActor, now) {
      const actor = event.actor ?? workActor;
      if (actor.type !== 'anonymous' || event.outcome !== 'refused') return true;
      turnTo(now);
      const topic = topicOf(event);
      const book = books.get(topic) ?? { topic, rows: new Map(), counted: new Map() };
      books.set(topic, book);
      const full = fullPlaceOf(book, actor.ipAddress ?? workActor.ipAddress ?? 'unknown');
      if (full === undefined) return true;
      count(book, full, event, actor.requestId ?? workActor.requestId);
      onCounted(event, { ...workActor, ...actor });
      return false;
    },
    take(now, includeCurrent = false) {
      turnTo(includeCurrent ? new Date(0) : now);
      const events = over;
      over = [];
      return events;
    },
    putBack(events) {
      over = [...events, ...over];
    },
  };
}

/** One level of one network: `network 192.0.2.0/24`. */
type Place = { readonly level: Level; readonly prefix: string };
type Counted = Place & { count: number; readonly reasons: Map<string, number>; lastRequestId: string | undefined };
type Book = {
  readonly topic: string;
  /** Rows admitted so far, by place. No more places than admitted rows: a flood from everywhere takes no memory. */
  readonly rows: Map<string, number>;
  readonly counted: Map<string, Counted>;
};

/** Guesses at people have limits of their own: a flood of something else must not hide them. */
const topicOf = ({ type }: AuditEvent): string =>
  /^(sign-ins|set-password-links)\./.test(type) ? 'people' : 'protocol';

const keyOf = ({ level, prefix }: Place): string => `${level} ${prefix}`;

/** The place whose limit is reached, widest first; undefined when the row is admitted, which counts at all of them. */
function fullPlaceOf({ rows }: Book, address: string): Place | undefined {
  const places: readonly Place[] = [
    { level: 'process', prefix: 'any' },
    { level: 'network', prefix: widePrefix(address) },
    { level: 'address', prefix: networkPrefix(address) },
  ];
  const full = places.find((place) => (rows.get(keyOf(place)) ?? 0) >= refusalLimits[place.level]);
  if (full === undefined) for (const place of places) rows.set(keyOf(place), (rows.get(keyOf(place)) ?? 0) + 1);
  return full;
}

function count({ counted }: Book, place: Place, { type, reason }: AuditEvent, requestId: string | undefined): void {
  const entry = counted.get(keyOf(place)) ?? { ...place, count: 0, reasons: new Map(), lastRequestId: undefined };
  const why = `${type} ${reason ?? ''}`.trim();
  entry.count += 1;
  entry.reasons.set(why, (entry.reasons.get(why) ?? 0) + 1);
  entry.lastRequestId = requestId ?? entry.lastRequestId;
  counted.set(keyOf(place), entry);
}

function summariesOf({ topic, counted }: Book, minute: number): readonly AuditEvent[] {
  return [...counted.values()].map(({ level, prefix, count, reasons, lastRequestId }) => ({
    type: 'refusals.summed-up',
    outcome: 'refused',
    reason: 'too_many',
    details: {
      ...{ topic, level, prefix, count, reasons: Object.fromEntries(reasons) },
      from: new Date(minute * MINUTE_MS).toISOString(),
      to: new Date((minute + 1) * MINUTE_MS).toISOString(),
      ...(lastRequestId === undefined ? {} : { lastRequestId }),
    },
  }));
}
