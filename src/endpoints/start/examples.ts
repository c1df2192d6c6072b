import type { ExampleApp } from '../../../views/start.tsx';

/** The applications under `examples/`, as the start page shows them. */
export const examples: readonly ExampleApp[] = [
  {
    id: 'web',
    command: 'npm run example:web',
    url: 'http://localhost:4000',
  },
  {
    id: 'spa',
    command: 'npm run example:spa',
    url: 'http://localhost:4001',
  },
  {
    id: 'api',
    command: 'npm run example:api',
  },
  {
    id: 'service',
    command: 'npm run example:service',
  },
];
