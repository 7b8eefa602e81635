// Something that comes piece by piece, and takes time to make: the next piece is made while this one is used.

/** At most one piece is held beside the one that is used. Where making the next fails, that is said after this one was used. */
export async function* oneAhead<Piece>(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece, void, void> {
  const making = pieces[Symbol.asyncIterator]();
  const makeNext = () => {
    const next = making.next();
    next.catch(() => undefined); // told to whoever asks for it, and to nobody when they stopped before
    return next;
  };
  let ahead = makeNext();
  try {
    for (let piece = await ahead; piece.done !== true; piece = await ahead) {
      ahead = makeNext();
      yield piece.value;
    }
  } finally {
    await ahead.catch(() => undefined);
    await making.return?.(undefined);
  }
}
