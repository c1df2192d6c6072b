/** The part of OpenAPI 3.1 that the reference page reads; anything else in the document is left alone. */
export type JsonSchema = {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
  readonly allOf?: readonly JsonSchema[] | undefined;
};

type Content = {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema | undefined }>> | undefined;
};

export type Parameter = {
  readonly $ref?: string | undefined;
  readonly name?: string | undefined;
  readonly in?: string | undefined;
  readonly required?: boolean | undefined;
  readonly description?: string | undefined;
  readonly schema?: JsonSchema | undefined;
};

export type Answer = Content & { readonly $ref?: string | undefined; readonly description?: string | undefined };
export type Body = Content & { readonly $ref?: string | undefined; readonly required?: boolean | undefined };
type Security = readonly Readonly<Record<string, readonly string[]>>[];

export type OperationObject = {
  readonly operationId?: string | undefined;
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly security?: Security | undefined;
  readonly parameters?: readonly Parameter[] | undefined;
  readonly requestBody?: Body | undefined;
  readonly responses?: Readonly<Record<string, Answer>> | undefined;
};

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof methods)[number];

export type PathItem = { readonly [method in Method]?: OperationObject | undefined } & {
  readonly parameters?: readonly Parameter[] | undefined;
};

type Components = {
  readonly schemas?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly parameters?: Readonly<Record<string, Parameter>> | undefined;
  readonly responses?: Readonly<Record<string, Answer>> | undefined;
  readonly requestBodies?: Readonly<Record<string, Body>> | undefined;
};

export type OpenApiDocument = {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string | undefined;
  };
  readonly servers?: readonly { readonly url: string }[] | undefined;
  readonly tags?: readonly { readonly name: string; readonly description?: string | undefined }[] | undefined;
  readonly security?: Security | undefined;
  readonly paths?: Readonly<Record<string, PathItem>> | undefined;
  readonly components?: Components | undefined;
};

/** The document as the reference page reads it; throws when it is no OpenAPI document. */
export function asOpenApiDocument(document: unknown): OpenApiDocument {
  const isDocument = typeof document === 'object' && document !== null && 'openapi' in document && 'info' in document;
  if (!isDocument) throw new TypeError('not an OpenAPI document');
  return document as OpenApiDocument;
}

export type Operation = {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly permissions: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly object: OperationObject;
};

/** What a local reference (`#/components/<kind>/<name>`) points at; the thing itself when it is no reference. */
export function resolve<T extends { readonly $ref?: string | undefined }>(
  things: Readonly<Record<string, T>> | undefined,
  thing: T,
): T | undefined {
  if (thing.$ref === undefined) return thing;
  const name = decodeURIComponent(thing.$ref.split('/').at(-1) ?? '');
  return things && Object.hasOwn(things, name) ? things[name] : undefined;
}

function anchor(method: string, path: string): string {
  return `${method}-${path}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '');
}

function operationsAt(document: OpenApiDocument, path: string, item: PathItem): readonly Operation[] {
  return methods.flatMap((method) => {
    const object = item[method];
    if (!object) return [];
    const security = object.security ?? document.security ?? [];
    const parameters = [...(item.parameters ?? []), ...(object.parameters ?? [])]
      .map((parameter) => resolve(document.components?.parameters, parameter))
      .filter((parameter) => parameter !== undefined);
    return [
      {
        id: anchor(method, path),
        method,
        path,
        tag: object.tags?.[0] ?? '',
        permissions: [...new Set(security.flatMap((requirement) => Object.values(requirement).flat()))],
        parameters,
        object,
      },
    ];
  });
}

/** Operations by their first tag: the document's order of tags first, then the order in which others appear. */
export function operationsByTag(document: OpenApiDocument): ReadonlyMap<string, readonly Operation[]> {
  const groups = new Map<string, Operation[]>((document.tags ?? []).map(({ name }) => [name, []]));
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of operationsAt(document, path, item)) {
      const group = groups.get(operation.tag);
      if (group) group.push(operation);
      else groups.set(operation.tag, [operation]);
    }
  }
  return new Map([...groups].filter(([, operations]) => operations.length > 0));
}
