/**
 * Rays against the tree. A node is four texels: x, y and z ranges of its two children, then their codes. A code below 2^31 is
 * a node; above, 8 bits count and 23 bits place of the triangles of a leaf (`pack-tree.ts`). Triangles are tested as T. Möller
 * and B. Trumbore, "Fast, Minimum Storage Ray/Triangle Intersection", 1997.
 */
export const trace = /* glsl */ `
const uint leafBit = 0x80000000u;
const uint treeEnd = 0xffffffffu;

struct Hit { float t; float u; float v; int triangle; };

ivec2 place(int index) { return ivec2(index & 4095, index >> 12); }
vec4 triangleAt(int index) { return texelFetch(uTriangles, place(index), 0); }
vec4 attributeAt(int index) { return texelFetch(uAttributes, place(index), 0); }
uvec4 tableAt(int index) { return texelFetch(uTable, place(index), 0); }
vec4 tableFloats(int index) { return uintBitsToFloat(tableAt(index)); }

#ifdef HAS_ALPHA
uint shadowKey;
bool passesThrough(int triangle, float u, float v, float random);
#endif

// The nearest triangle before hit.t; with "any" the first one found. Answers whether there is one.
bool meet(vec3 o, vec3 d, bool any, inout Hit hit) {
  vec3 away = vec3(abs(d.x) < 1e-18 ? 1e-18 : d.x, abs(d.y) < 1e-18 ? 1e-18 : d.y, abs(d.z) < 1e-18 ? 1e-18 : d.z);
  vec3 inverse = 1.0 / away;
  vec3 shift = o * inverse;
  uint stack[48];
  stack[0] = treeEnd;
  int top = 1;
  uint code = uRoot;
  hit.triangle = -1;
  for (;;) {
    while (code < leafBit) {
      int at = int(code) * 4;
      ivec2 where = place(at);
      vec4 x = uintBitsToFloat(texelFetch(uNodes, where, 0)) * inverse.x - shift.x;
      vec4 y = uintBitsToFloat(texelFetch(uNodes, where + ivec2(1, 0), 0)) * inverse.y - shift.y;
      vec4 z = uintBitsToFloat(texelFetch(uNodes, where + ivec2(2, 0), 0)) * inverse.z - shift.z;
      uvec2 children = texelFetch(uNodes, where + ivec2(3, 0), 0).xy;
      vec2 near = max(max(min(x.xz, x.yw), min(y.xz, y.yw)), max(min(z.xz, z.yw), vec2(0.0)));
      vec2 far = min(min(max(x.xz, x.yw), max(y.xz, y.yw)), min(max(z.xz, z.yw), vec2(hit.t)));
      // Wider by the rounding of the six numbers, so that no ray slips through a corner (T. Ize, JCGT 2(2), 2013).
      bvec2 meets = lessThanEqual(near, far * 1.0000004);
      bool swapped = near.y < near.x;
      uint first = swapped ? children.y : children.x;
      uint second = swapped ? children.x : children.y;
      if (meets.x && meets.y) {
        stack[top++] = second;
        code = first;
      } else if (meets.x || meets.y) {
        code = meets.x ? children.x : children.y;
      } else {
        code = stack[--top];
      }
    }
    if (code == treeEnd) break;
    int triangle = int(code & 0x7fffffu);
    int end = triangle + int((code >> 23u) & 0xffu);
    for (; triangle < end; triangle++) {
      ivec2 where = place(triangle * 4);
      vec3 corner = texelFetch(uTriangles, where, 0).xyz;
      vec3 e1 = texelFetch(uTriangles, where + ivec2(1, 0), 0).xyz;
      vec3 e2 = texelFetch(uTriangles, where + ivec2(2, 0), 0).xyz;
      vec3 p = cross(d, e2);
      float scale = 1.0 / dot(e1, p);
      vec3 s = o - corner;
      float u = dot(s, p) * scale;
      vec3 q = cross(s, e1);
      float v = dot(d, q) * scale;
      float t = dot(e2, q) * scale;
      // A ray in the plane of a triangle gives infinities or no numbers, and fails here.
      if (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 0.0 && t < hit.t) {
#ifdef HAS_ALPHA
        if (any && passesThrough(triangle, u, v, randoms(leafBit | (shadowKey + uint(triangle) * 64u)).x)) continue;
#endif
        hit = Hit(t, u, v, triangle);
        if (any) return true;
      }
    }
    code = stack[--top];
  }
  return hit.triangle >= 0;
}

// A start that lies safely on the side of n (C. Wächter and N. Binder, Ray Tracing Gems, 2019, chapter 6).
vec3 leave(vec3 p, vec3 n) {
  ivec3 steps = ivec3(256.0 * n);
  vec3 moved = intBitsToFloat(floatBitsToInt(p) + ivec3(p.x < 0.0 ? -steps.x : steps.x, p.y < 0.0 ? -steps.y : steps.y, p.z < 0.0 ? -steps.z : steps.z));
  vec3 small = p + n * (1.0 / 65536.0);
  return vec3(abs(p.x) < 1.0 / 32.0 ? small.x : moved.x, abs(p.y) < 1.0 / 32.0 ? small.y : moved.y, abs(p.z) < 1.0 / 32.0 ? small.z : moved.z);
}
`
