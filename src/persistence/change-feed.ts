import pg from 'pg';
import type { DatabaseConnection } from './data-source.ts';

/**
 * What caches listen to. `key` is the id of what changed; `*` means everything of that topic.
 * Only administrative changes are announced: a NOTIFY per token or sign-in would serialise commits (DESIGN §4).
 */
export type Topic =
  | 'clients'
  | 'access'
  | 'users'
  | 'user-attributes'
  | 'policies'
  | 'keys'
  | 'resource-servers'
  | 'outbox'
  | 'receipts'
  | 'brandings';
export type Change = { readonly topic: Topic; readonly key: string };
export type ChangeListener = (key: string) => void;

export type ChangeFeed = {
  /** Listeners get `*` whenever changes may have been missed. Returns the way to stop listening. */
  subscribe(topic: Topic, listener: ChangeListener): () => void;
  applyLocally(change: Change): void;
  /** False while changes of other processes may be missed: caches must not answer then. */
  readonly isLive: boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
};

const TOPICS: readonly Topic[] = [
  'clients',
  'access',
  'users',
  'user-attributes',
  'policies',
  'keys',
  'resource-servers',
  'outbox',
  'receipts',
  'brandings',
];
const RECONNECT_AFTER_MS = 500;

export function createChangeFeed(connection: DatabaseConnection, onError: (error: Error) => void): ChangeFeed {
  const listeners = new Map<Topic, Set<ChangeListener>>();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isLive = false;
  let isStopped = false;

  const apply = ({ topic, key }: Change): void => {
    for (const listener of listeners.get(topic) ?? []) listener(key);
  };
  const applyEverything = (): void => {
    for (const topic of TOPICS) apply({ topic, key: '*' });
  };
  const lost = (error: Error): void => {
    if (!isLive && timer) return;
    isLive = false;
    client?.end().catch(() => undefined);
    client = undefined;
    if (isStopped) return;
    onError(error);
    timer = setTimeout(() => {
      timer = undefined;
      connect().catch(lost);
    }, RECONNECT_AFTER_MS);
    timer.unref();
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      ...('url' in connection ? { connectionString: connection.url } : connection),
      keepAlive: true,
      application_name: 'doorward changes',
    });
    next.on('error', lost);
    next.on('end', () => lost(new Error('the connection that listens for changes ended')));
    next.on('notification', ({ payload }) => {
      const change = parseChange(payload);
      if (change) apply(change);
    });
    client = next;
    await next.connect();
    await next.query('LISTEN doorward_changes');
    applyEverything();
    isLive = true;
  };

  return {
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => void set.delete(listener);
    },
    applyLocally: apply,
    get isLive() {
      return isLive;
    },
    start: connect,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}

/** Resolves at the next change of a topic, or after so many milliseconds. */
export function nextChange(
  changes: Pick<ChangeFeed, 'subscribe'>,
  topic: Topic,
  withinMilliseconds: number,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unsubscribe();
      clearTimeout(timer);
      resolve();
    };
    const unsubscribe = changes.subscribe(topic, done);
    const timer = setTimeout(done, withinMilliseconds);
    timer.unref();
  });
}

function parseChange(payload: string | undefined): Change | undefined {
  try {
    const value: unknown = JSON.parse(payload ?? '');
    if (typeof value !== 'object' || value === null || !('topic' in value) || !('key' in value)) return undefined;
    const topic = TOPICS.find((known) => known === value.topic);
    return topic && typeof value.key === 'string' ? { topic, key: value.key } : undefined;
  } catch {
    return undefined;
  }
}
