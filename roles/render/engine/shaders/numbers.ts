/**
 * Random numbers and the few functions that graphics cards are free to compute each in its own way. Here they are made of
 * multiplications and additions only. The hash is pcg4d; `roles/render/protocol/sampling-hash.ts` says the same in TypeScript.
 */
export const numbers = /* glsl */ `
const float pi = 3.14159265;

uint pixelKey;
uint sampleIndex;

uvec4 mixFour(uvec4 v) {
  v = v * 1664525u + 1013904223u;
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  v ^= v >> 16u;
  v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
  return v;
}

vec4 randoms(uint dimension) {
  return vec4(mixFour(uvec4(pixelKey, sampleIndex, dimension, uStream)) >> 8u) * (1.0 / 16777216.0);
}

// Cosine and sine of a whole turn times u: reduced to an eighth of a turn, then Taylor series to 1e-7.
vec2 circle(float u) {
  float quarter = floor(u * 4.0 + 0.5);
  float a = (u * 4.0 - quarter) * (0.5 * pi);
  float b = a * a;
  float s = a * (1.0 - b * (1.0 / 6.0 - b * (1.0 / 120.0 - b * (1.0 / 5040.0))));
  float c = 1.0 - b * (0.5 - b * (1.0 / 24.0 - b * (1.0 / 720.0 - b * (1.0 / 40320.0))));
  int turn = int(quarter) & 3;
  vec2 flat1 = (turn & 1) == 0 ? vec2(c, s) : vec2(-s, c);
  return turn >= 2 ? -flat1 : flat1;
}

// e to the power of -x, for x >= 0: 2 to a whole power by its bits, times a series.
float decay(float x) {
  float y = min(x, 80.0) * 1.44269504;
  float whole = floor(y);
  float f = (y - whole) * 0.69314718;
  float series = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f / 720.0)))));
  return uintBitsToFloat(uint(127 - int(whole)) << 23) / series;
}

float brightness(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }
float largest(vec3 c) { return max(c.x, max(c.y, c.z)); }
float fifth(float x) { float y = x * x; return y * y * x; }
`
