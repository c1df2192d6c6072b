import { runTeardown } from './teardown.ts';

export default runTeardown;
