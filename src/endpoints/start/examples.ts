import type { ExampleApp } from '../../../views/start.tsx';

/** The applications under `examples/`, as the start page shows them. */
export const examples: readonly ExampleApp[] = [
  {
    name: 'Web app',
    description: 'Signs people in by code and PKCE; its tokens stay on its server.',
    command: 'npm run example:web',
    url: 'http://localhost:4000',
  },
  {
    name: 'Single-page app',
    description: 'Signs people in from the browser, renews its token quietly, calls the API and signs out.',
    command: 'npm run example:spa',
    url: 'http://localhost:4001',
  },
  {
    name: 'API',
    description: 'Checks access tokens and permissions before it answers.',
    command: 'npm run example:api',
  },
  {
    name: 'Service',
    description: 'Gets a token for itself and reads the orders from the API.',
    command: 'npm run example:service',
  },
];
