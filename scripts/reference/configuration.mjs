// docs/reference/configuration.md, from the schema that checks the environment at start.
import { z } from 'zod';
import { page, table } from './page.mjs';

export function configurationPage({ variables }) {
  const rows = Object.entries(variables).map(([name, schema]) => [
    `\`${name}\``,
    describeValue(schema),
    describeDefault(schema),
    schema.description ?? '',
  ]);
  return page(
    'Configuration',
    'Everything is decided by environment variables, read once at start. There is no configuration file.',
    `- Every variable may also be given as \`<NAME>_FILE\`: a path whose content is the value (one line break at its end is dropped). This is how mounted secrets come in.
- An unknown \`DOORWARD_…\` name stops the start, and so does a value that cannot be read; all problems are told at once.
- Lists are comma-separated. An empty value counts as not set.
- \`npm run doorward -- config check\` says what is wrong without starting; \`config print\` shows what is in force, with secrets left out.`,
    table(['Variable', 'Value', 'Default', 'What it decides'], rows),
    `## Beside these

${table(
  ['Variable', 'Value', 'What it decides'],
  [
    [
      '`NODE_ENV`',
      '`production`, or anything else',
      'Development mode binds loopback only, shows kept mail at `/dev/mail`, and refuses an issuer that is not loopback. Production mode refuses an http issuer outside loopback and weak password hashing.',
    ],
    [
      '`UV_THREADPOOL_SIZE`',
      'a whole number',
      'Threads for signing and password hashing, read by Node before any code runs. `npm start` and `doorward start` set it to the number of cores and two more, unless it is set.',
    ],
  ],
)}`,
  );
}

function describeValue(schema) {
  const { type, enum: choices, minimum, maximum } = outputShape(schema);
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (type === 'array') return 'list';
  if (type === 'number' || type === 'integer')
    return minimum === undefined ? 'whole number' : `${minimum} … ${maximum}`;
  return 'text';
}

function outputShape(schema) {
  return z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
}

function describeDefault(schema) {
  const { default: value } = outputShape(schema);
  if (value === undefined) return '–';
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : `\`${value.join(',')}\``;
  return `\`${value}\``;
}
