/** The sentence of a step, its values as chips. Text from drivers and people is text. */
import { memo } from 'react';
import type { Piece } from './sentence';

export const Chips = memo(function Chips({ pieces }: { pieces: readonly Piece[] }): JSX.Element {
  return (
    <>
      {pieces.map((piece, at) => (
        <span key={at} className={`ivb-piece ivb-${piece.kind}`}>
          {piece.kind === 'output' ? `→ ${piece.text}` : piece.text}
        </span>
      ))}
    </>
  );
});
