import type { VNode } from 'preact';
import type { z } from 'zod';
import type { Actor } from '../../kernel/actor.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { UploadedBody, UploadLimits } from './read-body.ts';

/**
 * A route of an HTTP API as data: what it takes, what it answers and which permission it needs. Validation, OpenAPI and the
 * "no route without a permission" test all read this one definition.
 */
export type Route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's prefix, in @koa/router's form: `/users/:id`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** A value of `urn:doorward:admin`; `null` makes the route public and must be said out loud. */
  readonly permission: string | null;
  /**
   * What becomes of it for whoever acts for an organization (ADR 0046). Absent: nothing, it is refused. `open`: the ids in its
   * address must be of the organization or below. `managed`: and the people among them must have their home there.
   */
  readonly organization?: 'open' | 'managed';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** No body at all means the same as `{}`. */
  readonly bodyIsOptional?: boolean;
  /** Media types of the body; JSON unless told (PATCH: merge patch as well). */
  readonly mediaTypes?: readonly string[];
  /** The body is a file of one of these types: the handler reads it as it comes, with `openUpload`. */
  readonly upload?: UploadLimits;
  readonly responses: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
};

export type Call<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  readonly actor: Actor;
  /** Sees what the actor may see: an organization alone, where they act for one. */
  readonly read: Reader;
  /** What the caller's token allows on the admin API now: its scope ∩ what is granted at this moment. */
  readonly permissions: ReadonlySet<string>;
  /** The version in `If-Match`, when there is one; `*` is undefined. */
  readonly expectedVersion: number | undefined;
  readonly requestId: string;
  /** Of a route with `upload`. Throws what is refused before a byte is read. */
  readonly openUpload: () => UploadedBody;
};

export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same for people: given to whoever prefers text/html to JSON. */
  readonly page?: () => VNode;
};

export type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType>;

export function defineRoute<
  Params extends z.ZodType = z.ZodUnknown,
  Query extends z.ZodType = z.ZodUnknown,
  Body extends z.ZodType = z.ZodUnknown,
>(route: Route<Params, Query, Body>): Route<Params, Query, Body> {
  return route;
}

/** RFC 9110 §8.8.3: a strong entity tag made of the row's version. */
export const entityTag = (version: number): string => `"${version}"`;

export const ok = (body: unknown, version?: number): Answer => ({
  status: 200,
  body,
  headers: version === undefined ? {} : { ETag: entityTag(version) },
});

export const created = (location: string, body: unknown, version?: number): Answer => ({
  status: 201,
  body,
  headers: { Location: location, ...(version === undefined ? {} : { ETag: entityTag(version) }) },
});

/** It goes on in the background; how far it is stands at that address. */
export const accepted = (location: string, body: unknown): Answer => ({
  status: 202,
  body,
  headers: { Location: location },
});

export const noContent = (): Answer => ({ status: 204 });
