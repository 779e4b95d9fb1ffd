import { fraction } from './fraction.js';

/** The fields of a Google Books volume that the job uses. */
export interface VolumeInfo {
  readonly title: string;
  readonly pageCount?: number;
  readonly categories?: readonly string[];
  readonly averageRating?: number;
}

/** The answer of `GET /books/v1/volumes`. */
export interface VolumeList {
  readonly kind: 'books#volumes';
  readonly totalItems: number;
  readonly items?: readonly { readonly id: string; readonly volumeInfo: VolumeInfo }[];
}

const categories = ['Fiction', 'Literary Collections', 'Young Adult', 'History', 'Biography', 'Science'];

/**
 * What the local API knows of a book: made up from a hash of its title, so that it is the same in every run. It has
 * the shape of real data and says nothing about the real book.
 */
export function madeUpVolumes(title: string): VolumeList {
  const pick = (name: string) => fraction(name, title);
  const volumeInfo = {
    title,
    pageCount: 80 + Math.floor(pick('pages') ** 2 * 900),
    categories: [categories[Math.floor(pick('category') * categories.length)] ?? 'Fiction'],
    averageRating: Math.round((3 + pick('rating') * 1.8) * 10) / 10,
  };
  const id = Math.floor(pick('id') * 2 ** 32).toString(36);
  return { kind: 'books#volumes', totalItems: 1, items: [{ id, volumeInfo }] };
}
