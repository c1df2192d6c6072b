// A SCIM 2.0 service provider (RFC 7644) as a client sees it: people alone.
import { z } from 'zod';
import { isStorableText, storableExcerpt } from '../kernel/text.ts';
import { type DeliveryAnswer, DeliveryRefused } from '../persistence/outbox-delivery.ts';

export type RemoteAccount = Readonly<Record<string, unknown>> & { readonly id: string };
export type RemotePage = { readonly total: number; readonly accounts: readonly RemoteAccount[] };
export type PatchOperation = { readonly op: 'replace' | 'remove'; readonly path: string; readonly value?: unknown };

export type ScimTarget = {
  get(id: string): Promise<RemoteAccount | undefined>;
  /** Those whose attribute equals a text; none where the target does not filter by it. */
  findBy(attribute: 'externalId' | 'userName', value: string): Promise<readonly RemoteAccount[]>;
  list(startIndex: number, count: number): Promise<RemotePage>;
  create(resource: object): Promise<RemoteAccount>;
  /** False when there is no such account any more. */
  patch(id: string, operations: readonly PatchOperation[]): Promise<boolean>;
  delete(id: string): Promise<void>;
  /** What it said last. */
  lastAnswer(): DeliveryAnswer | undefined;
};

export type ScimTargetParts = {
  readonly fetch: typeof globalThis.fetch;
  readonly baseUrl: string;
  /** Value of the Authorization header; asked before each call. */
  readonly authorization: (signal: AbortSignal) => Promise<string>;
  readonly signal: AbortSignal;
};

const ANSWER_WITHIN_MS = 10_000;
const LONGEST_EXCERPT = 300;
const SCIM = 'application/scim+json';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** It becomes a part of an address: a dot, or two, would lead to another resource than an account. */
const remoteId = z
  .string()
  .min(1)
  .max(1_024)
  .refine((id) => isStorableText(id) && !/^\.{1,2}$/.test(id));
const account = z.looseObject({ id: remoteId });
const listResponse = z.looseObject({
  totalResults: z.int().min(0),
  Resources: z.array(account).max(10_000).default([]),
});

type Answer = { readonly status: number; readonly text: string };

export function createScimTarget({ fetch, baseUrl, authorization, signal }: ScimTargetParts): ScimTarget {
  let last: DeliveryAnswer | undefined;

  async function call(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        accept: `${SCIM}, application/json`,
        authorization: await authorization(signal),
        ...(body === undefined ? {} : { 'content-type': SCIM }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const text = await answer.text();
    last = { status: answer.status, excerpt: storableExcerpt(text, LONGEST_EXCERPT) };
    return { status: answer.status, text };
  }

  const refused = (what: string): DeliveryRefused => new DeliveryRefused(what, last ?? {});
  const unexpected = (method: string, { status }: Answer) => refused(`the target answered ${method} with ${status}`);

  function parsed<Schema extends z.ZodType>(schema: Schema, { text }: Answer): z.output<Schema> {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      throw refused('the target did not answer with what RFC 7644 has');
    }
  }

  return {
    lastAnswer: () => last,
    async get(id) {
      const answer = await call('GET', pathOf(id));
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw unexpected('GET', answer);
      return parsed(account, answer);
    },
    async findBy(attribute, value) {
      const filter = `${attribute} eq ${JSON.stringify(value)}`;
      const answer = await call('GET', `/Users?${new URLSearchParams({ filter })}`);
      // RFC 7644 §3.4.2.2, §3.12: filters, or this one, are not for everyone.
      if (isFilterRefused(answer)) return [];
      if (answer.status !== 200) throw unexpected('GET', answer);
      const found = parsed(listResponse, answer).Resources;
      // A target that ignores filters answers with everyone.
      return found.filter((one) => sameText(one[attribute], value, attribute === 'userName'));
    },
    async list(startIndex, count) {
      const query = new URLSearchParams({ startIndex: String(startIndex), count: String(count) });
      const answer = await call('GET', `/Users?${query}`);
      if (answer.status !== 200) throw unexpected('GET', answer);
      const { totalResults, Resources } = parsed(listResponse, answer);
      return { total: totalResults, accounts: Resources };
    },
    async create(resource) {
      const answer = await call('POST', '/Users', resource);
      if (answer.status !== 201 && answer.status !== 200) throw unexpected('POST', answer);
      return parsed(account, answer);
    },
    async patch(id, operations) {
      const answer = await call('PATCH', pathOf(id), { schemas: [PATCH_OP], Operations: operations });
      if (answer.status === 404) return false;
      if (answer.status !== 200 && answer.status !== 204) throw unexpected('PATCH', answer);
      return true;
    },
    async delete(id) {
      const answer = await call('DELETE', pathOf(id));
      if (![200, 202, 204, 404].includes(answer.status)) throw unexpected('DELETE', answer);
    },
  };
}

const pathOf = (id: string): string => `/Users/${encodeURIComponent(id)}`;

const isFilterRefused = ({ status, text }: Answer): boolean =>
  status === 501 || (status === 400 && text.includes('invalidFilter'));

const sameText = (one: unknown, other: string, ignoresCase: boolean): boolean =>
  typeof one === 'string' && (ignoresCase ? one.toLowerCase() === other.toLowerCase() : one === other);
