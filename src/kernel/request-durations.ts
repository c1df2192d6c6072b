import { Histogram, type MetricObjectWithValues, type MetricValueWithName, type Registry } from 'prom-client';

declare module 'prom-client' {
  // Missing in its types: what the registry asks for, with the labels that a series has in common apart.
  interface Histogram {
    getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<string>>>;
  }
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

type LabelName = 'route' | 'method' | 'status';
type Labels = Readonly<Record<LabelName, string>>;

/** One combination of labels. */
export class RequestSeries {
  /** Per bucket, not cumulative; those above the last one are in `count` alone. */
  readonly inBucket = new Float64Array(BUCKETS.length);
  count = 0;
  sum = 0;
  readonly labels: Labels;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  observe(seconds: number): void {
    this.count += 1;
    this.sum += seconds;
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) this.inBucket[bucket] = (this.inBucket[bucket] ?? 0) + 1;
  }
}

/** A histogram whose series count by themselves: prom-client hashes the labels again with each observation. */
export class RequestDurations extends Histogram<LabelName> {
  readonly #series = new Map<string, RequestSeries>();
  readonly #named: string;

  constructor(registry: Registry) {
    const name = 'doorward_http_request_duration_seconds';
    super({
      name,
      help: 'HTTP requests by route pattern, method and status class',
      labelNames: ['route', 'method', 'status'],
      buckets: BUCKETS,
      registers: [registry],
    });
    this.#named = name;
  }

  series(labels: Labels): RequestSeries {
    const key = Object.values(labels).join(' ');
    const known = this.#series.get(key);
    if (known) return known;
    const made = new RequestSeries(labels);
    this.#series.set(key, made);
    return made;
  }

  override async getForPromString(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const described = await super.getForPromString();
    return { ...described, values: [...this.#series.values()].flatMap((series) => this.#valuesOf(series)) };
  }

  #valuesOf({ labels, inBucket, count, sum }: RequestSeries) {
    let upTo = 0;
    const sharedLabels = labels;
    const buckets = BUCKETS.map((bound, index) => {
      upTo += inBucket[index] ?? 0;
      return { metricName: `${this.#named}_bucket`, labels: { le: bound }, sharedLabels, value: upTo };
    });
    return [
      ...buckets,
      { metricName: `${this.#named}_bucket`, labels: { le: '+Inf' }, sharedLabels, value: count },
      { metricName: `${this.#named}_sum`, labels: {}, sharedLabels, value: sum },
      { metricName: `${this.#named}_count`, labels: {}, sharedLabels, value: count },
    ];
  }
}
