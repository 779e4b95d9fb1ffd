import { z } from 'zod';

/** What the orchestrator is invoked with. */
export const jobSchema = z.object({
  processing_uuid: z.string(),
  bucket: z.string(),
  original_books_s3_key: z.string(),
  /** How many rows are taken; all of them without it. */
  limit: z.number().int().positive().optional(),
});
export type Job = z.output<typeof jobSchema>;

/** What one message of the queue carries: one book of the job. */
export const bookMessageSchema = z.object({
  book: z.object({
    title: z.string(),
    authors: z.array(z.string()),
    isbn: z.string().optional(),
    year: z.number().optional(),
    pages: z.number().optional(),
    averageRating: z.number().optional(),
    shelves: z.array(z.string()),
  }),
  processing_uuid: z.string(),
  bucket: z.string(),
  original_books_s3_key: z.string(),
});

/** What the fan-in's sink sends to the aggregator: a `CompletionSummary`, with the job as its metadata. */
export const completionSchema = z.object({
  id: z.string(),
  deliveryId: z.string(),
  completionReason: z.string(),
  decidedAt: z.number(),
  metadata: jobSchema,
});
export type Completion = z.output<typeof completionSchema>;
