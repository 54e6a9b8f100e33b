/** Outline of Hearth's flame in a box of 280 by 300, standing on y = 280 around x = 140. Our own drawing. */
export const flamePath =
  'M146 112 C150 156 198 176 198 226 C198 258 172 280 140 280 C108 280 82 258 82 226 C82 196 103 184 110 156 C119 168 125 176 130 186 C139 164 146 142 146 112 Z'

/** Outline of the hearth's opening in the same box. */
export const archPath = 'M34 292 V148 A106 106 0 0 1 246 148 V292 Z'
