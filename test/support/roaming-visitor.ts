import type { RunningServer } from './running-server.ts';
import { WebVisitor } from './web-visitor.ts';

/** A browser whose every request goes to another of these servers than the one before, as behind a load balancer. */
export class RoamingVisitor extends WebVisitor {
  private readonly servers: readonly [RunningServer, ...RunningServer[]];
  private turn = 0;

  constructor(...servers: readonly [RunningServer, ...RunningServer[]]) {
    super(servers[0]);
    this.servers = servers;
  }

  override request(url: string, init: Parameters<WebVisitor['request']>[1]) {
    this.turn += 1;
    this.server = this.servers[this.turn % this.servers.length] ?? this.servers[0];
    return super.request(url, init);
  }
}
