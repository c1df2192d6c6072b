import { useMessages } from '../look.ts';
import type { Answer, Body, JsonSchema, OpenApiDocument, Operation } from './openapi.ts';
import { resolve } from './openapi.ts';
import { schemaFields, typeName } from './schema-fields.ts';

/** What the document says, it says in English, in whatever language the page around it is. */
export const inEnglish = { lang: 'en', dir: 'ltr' } as const;

type Row = {
  readonly name: string;
  readonly where?: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
};

function FieldTable({ caption, rows, showsWhere }: { caption: string; rows: readonly Row[]; showsWhere: boolean }) {
  const text = useMessages('apiReference');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard (WCAG 2.1.1)
    <section class="table-scroll" tabIndex={0} aria-label={caption}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.name}</th>
            {showsWhere && <th scope="col">{text.where}</th>}
            <th scope="col">{text.type}</th>
            <th scope="col">{text.meaning}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.where ?? ''}/${row.name}`}>
              <td>
                <code>{row.name}</code>
                {row.isRequired && <span class="tag">{text.required}</span>}
              </td>
              {showsWhere && <td>{row.where}</td>}
              <td>{row.type}</td>
              <td {...(row.description && inEnglish)}>{row.description}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Media types that share a schema (merge patch is also taken as plain JSON) are shown once. */
function bySchema(of: Body | Answer): readonly { mediaTypes: readonly string[]; schema: JsonSchema | undefined }[] {
  const groups = new Map<string, { mediaTypes: string[]; schema: JsonSchema | undefined }>();
  for (const [mediaType, { schema }] of Object.entries(of.content ?? {})) {
    const key = JSON.stringify(schema) ?? '';
    const group = groups.get(key);
    if (group) group.mediaTypes.push(mediaType);
    else groups.set(key, { mediaTypes: [mediaType], schema });
  }
  return [...groups.values()];
}

function Content({ document, of, title }: { document: OpenApiDocument; of: Body | Answer; title: string }) {
  return (
    <>
      {bySchema(of).map(({ mediaTypes, schema }) => {
        const rows = schema ? schemaFields(document.components?.schemas, schema) : [];
        const label = mediaTypes.join(', ');
        return (
          <details key={label} open={rows.length <= 12}>
            <summary {...inEnglish}>
              <code>{label}</code> {schema && typeName(schema)}
            </summary>
            {rows.length > 0 && <FieldTable caption={`${title} ${label}`} rows={rows} showsWhere={false} />}
          </details>
        );
      })}
    </>
  );
}

function Parameters({ operation }: { readonly operation: Operation }) {
  const text = useMessages('apiReference');
  if (operation.parameters.length === 0) return null;
  const rows = operation.parameters.map((parameter) => ({
    name: parameter.name ?? '',
    where: parameter.in ?? '',
    type: parameter.schema ? typeName(parameter.schema) : 'string',
    isRequired: parameter.required ?? false,
    description: parameter.description ?? '',
  }));
  return (
    <>
      <h4>{text.parameters}</h4>
      <FieldTable caption={`${text.parameters} ${operation.method} ${operation.path}`} rows={rows} showsWhere />
    </>
  );
}

function RequestBody({ document, operation }: { readonly document: OpenApiDocument; readonly operation: Operation }) {
  const text = useMessages('apiReference');
  const { requestBody } = operation.object;
  const body = requestBody && resolve(document.components?.requestBodies, requestBody);
  if (!body?.content) return null;
  return (
    <>
      <h4>
        {text.body} {body.required && <span class="tag">{text.required}</span>}
      </h4>
      <Content document={document} of={body} title={`${text.body} ${operation.method} ${operation.path}`} />
    </>
  );
}

function Answers({ document, operation }: { readonly document: OpenApiDocument; readonly operation: Operation }) {
  const text = useMessages('apiReference');
  const answers = Object.entries(operation.object.responses ?? {});
  if (answers.length === 0) return null;
  return (
    <>
      <h4>{text.answers}</h4>
      <ul class="answers">
        {answers.map(([status, answer]) => {
          const resolved = resolve(document.components?.responses, answer);
          const title = `${status} ${operation.method} ${operation.path}`;
          return (
            <li key={status}>
              <p {...inEnglish}>
                <code class="status">{status}</code> {resolved?.description}
              </p>
              {/* Problems share one shape, told once at the top; only what succeeds is spelled out. */}
              {resolved && /^[23]/.test(status) && <Content document={document} of={resolved} title={title} />}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** One operation: what it is for, which permission it asks, what goes in and what comes out. */
export function OperationSection({ document, operation }: { document: OpenApiDocument; operation: Operation }) {
  const text = useMessages('apiReference');
  const { object, method, path, permissions } = operation;
  return (
    <section class="panel operation" id={operation.id} aria-labelledby={`${operation.id}-title`}>
      <h3 id={`${operation.id}-title`}>
        <code class={`method method-${method}`}>{method.toUpperCase()}</code> <code class="path">{path}</code>
      </h3>
      {(object.summary || object.description) && (
        <p {...inEnglish}>
          {object.summary}
          {object.summary && object.description && <br />}
          {object.description}
        </p>
      )}
      <p class="hint">
        {text.permission}{' '}
        {permissions.length === 0
          ? text.anySignedIn
          : permissions.map((permission) => (
              <code class="tag" key={permission}>
                {permission}
              </code>
            ))}
      </p>
      <Parameters operation={operation} />
      <RequestBody document={document} operation={operation} />
      <Answers document={document} operation={operation} />
    </section>
  );
}
