import { conflict } from '../../kernel/errors.ts';
import { type BulkOperation, readBulk } from './bulk-request.ts';
import { BULK_RESPONSE } from './messages.ts';
import { toScimError } from './scim-error.ts';
import type { ScimAnswer, ScimCall, ScimHandler, ScimRoutes } from './scim-route.ts';

type BulkParts = {
  readonly base: string;
  /** The routes that operations go to: a bulk request does nothing that single ones cannot. */
  readonly routes: ScimRoutes;
  readonly onError: (error: unknown, requestId: string) => void;
};

type Outcome = {
  readonly method: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  readonly status: string;
  readonly response?: unknown;
};

/** RFC 7644 §3.7: each operation is a unit of work of its own; what others refer to by `bulkId` is done first. */
export const bulkRoutes = (parts: BulkParts): ScimRoutes => [
  [{ method: 'POST', path: '/Bulk', access: 'scim:write', hasBody: true }, (call) => doAll(call, parts)],
];

async function doAll(call: ScimCall, parts: BulkParts): Promise<ScimAnswer> {
  const { failOnErrors = Number.POSITIVE_INFINITY, operations } = readBulk(call.body);
  const ids = new Map<string, string>();
  const outcomes = new Map<BulkOperation, Outcome>();
  let errors = 0;
  for (const operation of inOrder(operations)) {
    if (errors >= failOnErrors) break;
    const outcome = await doOne(call, operation, ids, parts);
    outcomes.set(operation, outcome);
    if (Number(outcome.status) >= 400) errors += 1;
  }
  const Operations = operations.flatMap((operation) => outcomes.get(operation) ?? []);
  return { status: 200, body: { schemas: [BULK_RESPONSE], Operations } };
}

async function doOne(
  call: ScimCall,
  operation: BulkOperation,
  ids: Map<string, string>,
  { base, routes, onError }: BulkParts,
): Promise<Outcome> {
  const { method, bulkId, path } = operation;
  const named = { method, ...(bulkId === undefined ? {} : { bulkId }) };
  try {
    const [, type = '', target] = path.split('/');
    const id = target === undefined ? undefined : String(resolved(target, ids));
    const { handler, params } = routeFor(routes, method, type, id);
    const version = versionOf(operation.version);
    const answer = await handler({
      ...call,
      params,
      query: {},
      body: resolved(operation.data, ids),
      expectedVersion: version,
    });
    const location = answer.headers?.Location ?? (id === undefined ? undefined : `${base}/${type}/${id}`);
    if (bulkId !== undefined && location !== undefined) ids.set(bulkId, location.slice(location.lastIndexOf('/') + 1));
    const tag = answer.headers?.ETag;
    return {
      ...named,
      ...(tag === undefined ? {} : { version: tag }),
      ...(location && { location }),
      status: String(answer.status),
    };
  } catch (error) {
    const requestId = call.actor.requestId ?? '';
    const { status, body, isOurFault } = toScimError(error, requestId);
    if (isOurFault) onError(error, requestId);
    const location = /^\/\w+\/[\w-]+$/.test(path) && !path.includes('bulkId') ? { location: `${base}${path}` } : {};
    return { ...named, ...location, status: String(status), response: body };
  }
}

function routeFor(routes: ScimRoutes, method: string, type: string, id: string | undefined) {
  const path = id === undefined ? `/${type}` : `/${type}/:id`;
  const found: readonly [unknown, ScimHandler] | undefined = routes.find(
    ([route]) => route.method === method && route.path === path,
  );
  if (found === undefined) throw new Error(`no route for ${method} ${path}`);
  return { handler: found[1], params: id === undefined ? {} : { id } };
}

const versionOf = (tag: string | undefined): number | undefined => {
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(tag ?? '')?.[1];
  return version === undefined ? (tag === undefined || tag === '' ? undefined : -1) : Number(version);
};

const REFERENCE = /^bulkId:(.{1,256})$/i;

/** RFC 7644 §3.7.2: `bulkId:x` stands for the id of what the operation x made, wherever text may be. */
function resolved(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    const reference = REFERENCE.exec(value)?.[1];
    if (reference === undefined) return value;
    const id = ids.get(reference);
    if (id === undefined)
      throw conflict('scim.bulk_id_unresolved', { detail: `nothing was made for bulkId:${reference}` });
    return id;
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(member, ids)]));
}

/** What is referred to comes before what refers to it; in a circle, the first that came stays first and is told 409. */
function inOrder(operations: readonly BulkOperation[]): readonly BulkOperation[] {
  const makers = new Map(operations.flatMap((one) => (one.bulkId === undefined ? [] : [[one.bulkId, one] as const])));
  const ordered = new Set<BulkOperation>();
  const entered = new Set<BulkOperation>();
  const enter = (operation: BulkOperation): void => {
    // Not by recursion: a chain may be as long as the request.
    const stack: { operation: BulkOperation; needs: BulkOperation[] }[] = [];
    const push = (one: BulkOperation): void => {
      if (entered.has(one)) return;
      entered.add(one);
      stack.push({ operation: one, needs: referencesOf(one).flatMap((id) => makers.get(id) ?? []) });
    };
    push(operation);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = top.needs.shift();
      if (need !== undefined) push(need);
      else ordered.add(stack.pop()?.operation ?? operation);
    }
  };
  for (const operation of operations) enter(operation);
  return [...ordered];
}

function referencesOf({ path, data }: BulkOperation): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    const reference = typeof value === 'string' ? REFERENCE.exec(value)?.[1] : undefined;
    if (reference !== undefined) found.push(reference);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(path.split('/')[2]);
  visit(data);
  return found;
}
