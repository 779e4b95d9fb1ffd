/** What the job keeps of one row, whichever of the two exports it came from. */
export interface Book {
  readonly title: string;
  readonly authors: readonly string[];
  readonly isbn?: string;
  readonly year?: number;
  readonly pages?: number;
  readonly averageRating?: number;
  readonly shelves: readonly string[];
}

/** One row of the file. A row that is no book still is an item of the job: it ends as a failure with its reason. */
export type Row =
  | { readonly line: number; readonly book: Book }
  | { readonly line: number; readonly problem: string };
