/** How one item of the job ended that did not succeed. */
export interface Failure {
  /** The item's index: the row's position below the header, from 0. */
  readonly index: number;
  readonly title: string;
  readonly reason: string;
}

/** A bar of a chart. */
export interface Slice {
  readonly label: string;
  readonly books: number;
}

/** What is shown of one genre. */
export interface GenreRating {
  readonly genre: string;
  readonly books: number;
  /** Mean of the ratings, of those books that have one. */
  readonly averageRating: number;
}

/** The job's one result: `dashboard.json`. Every row of the file is counted in `decades` and in `genres`. */
export interface Dashboard {
  readonly id: string;
  /** When the fan-in decided that the job was over, ISO 8601. */
  readonly completedAt: string;
  readonly completionReason: string;
  /** Rows of the file, failed ones included. */
  readonly books: number;
  readonly enriched: number;
  readonly failed: number;
  /** Of the books that have a rating; 0 where none has. */
  readonly averageRating: number;
  readonly totalPages: number;
  readonly decades: Readonly<Record<string, number>>;
  readonly genres: Readonly<Record<string, number>>;
  readonly ratingsByGenre: readonly GenreRating[];
  readonly pages: readonly Slice[];
  readonly topRated: readonly { readonly title: string; readonly authors: string; readonly rating: number }[];
  /** At most {@link SHOWN_FAILURES}; `failed` counts them all. */
  readonly failures: readonly Failure[];
}

/** A file of a million broken rows must not become a page of a million lines. */
export const SHOWN_FAILURES = 1_000;

/** What a row has no value for is counted here, so that the sums always add up. */
export const UNKNOWN = 'unknown';
