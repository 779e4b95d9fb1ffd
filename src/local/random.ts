/** A number from 0 up to 1 that depends on its arguments alone: the `n`th of a stream's, under a seed. */
export function random(seed: number, stream: string, n: number): number {
  let hash = 2_166_136_261;
  for (const character of `${seed}:${stream}:${n}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  }
  // Neighbouring inputs differ in few bits up to here: mix them (the finalizer of MurmurHash3).
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
