// docs/reference/admin-api.md, from the OpenAPI document that the server serves.
import { page, table } from './page.mjs';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export function adminApiPage({ document, resource, permissions }) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({ path, method: method.toUpperCase(), ...item[method] })),
  );
  const sections = document.tags.map(({ name }) => {
    const rows = operations
      .filter(({ tags }) => tags[0] === name)
      .map(({ path, method, summary, security }) => [`\`${method}\``, `\`${path}\``, summary, permissionOf(security)]);
    return `## ${name}\n\n${table(['Method', 'Path', 'What it does', 'Permission'], rows)}`;
  });
  return page(
    'Admin API',
    `The whole description, for tools and for reading, is [openapi.json](openapi.json), served as \`/admin/v1/openapi.json\`. This page is its
table of contents.

- **Token**: the API is the resource \`${resource}\`. A service gets a token by client credentials, a person by code and PKCE, both with
  \`resource=${resource}\`. What the token may do is checked against what is granted at the moment of the call.
- **Lists** are an object with one array and \`nextCursor\`; go on with \`?cursor=\`. The \`Link\` header says the same.
- **Changes** are JSON merge patches (RFC 7396). Send the \`ETag\` you saw as \`If-Match\` to be told when somebody was faster (412).
- **Refusals** are problems (RFC 9457) with a stable \`code\`, pointers into the body, and the \`requestId\` that finds the audit events.
- **Secrets** are shown once, in the answer that made them.`,
    ...sections,
    '## Permissions',
    table(
      ['Permission', 'What it allows'],
      Object.entries(permissions).map(([value, meaning]) => [`\`${value}\``, meaning]),
    ),
  );
}

function permissionOf(security) {
  const values = (security ?? []).flatMap((requirement) => Object.values(requirement).flat());
  return values.map((value) => `\`${value}\``).join(', ') || 'none';
}
