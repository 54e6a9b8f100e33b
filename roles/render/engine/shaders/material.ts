/**
 * What a ray meets: material and textures at the place of the hit, after glTF 2.0 (appendix B) and the material extensions in
 * `extensions.ts`. Textures are sampled by hand, bilinear between four texels, since cards round their own filters differently.
 */
export const material = /* glsl */ `
struct Surface {
  vec3 base;
  float metallic;
  float spread;       // GGX alpha: roughness squared
  vec3 specular;      // reflectance head on
  float grazing;      // and at grazing angles
  float transmission;
  float ior;
  bool thick;
  vec3 emission;
  float lightPdf;     // of light sampling, per area
  float coat;
  float coatSpread;
  vec3 density;       // of light taken away per length inside
  vec3 bent;          // of the normal map; z alone where there is none
};

#ifdef HAS_TEXTURES
int wrap(int i, int size, uint mode) {
  if (mode == 0u) { int m = i % size; return m < 0 ? m + size : m; }
  if (mode == 1u) return clamp(i, 0, size - 1);
  int m = i % (2 * size);
  m = m < 0 ? m + 2 * size : m;
  return m < size ? m : 2 * size - 1 - m;
}

vec4 sampleTexture(float id, vec2 uv) {
  if (id < 0.0) return vec4(1.0);
  int at = uTexturesAt + int(id) * 3;
  uvec4 image = tableAt(at);
  vec4 matrix = tableFloats(at + 1);
  vec2 moved = vec2(dot(matrix.xy, uv), dot(matrix.zw, uv)) + tableFloats(at + 2).xy;
  int width = int(image.y), height = int(image.z);
  uint modes = image.w;
  vec2 position = moved * vec2(width, height) - ((modes & 256u) != 0u ? vec2(0.0) : vec2(0.5));
  position = clamp(position, vec2(-1e8), vec2(1e8));
  vec2 base = floor(position);
  vec2 part = position - base;
  int x0 = wrap(int(base.x), width, modes & 3u);
  int y0 = wrap(int(base.y), height, (modes >> 2u) & 3u);
  int start = int(image.x);
  vec4 a = texelFetch(uTexels, place(start + y0 * width + x0), 0);
  if ((modes & 256u) != 0u) return a;
  int x1 = wrap(int(base.x) + 1, width, modes & 3u);
  int y1 = wrap(int(base.y) + 1, height, (modes >> 2u) & 3u);
  vec4 b = texelFetch(uTexels, place(start + y0 * width + x1), 0);
  vec4 c = texelFetch(uTexels, place(start + y1 * width + x0), 0);
  vec4 e = texelFetch(uTexels, place(start + y1 * width + x1), 0);
  vec4 upper = a + (b - a) * part.x;
  vec4 lower = c + (e - c) * part.x;
  return upper + (lower - upper) * part.y;
}
#endif

vec2 textureCoordinates(int triangle, float u, float v) {
  vec4 a = attributeAt(triangle * 4), b = attributeAt(triangle * 4 + 1), c = attributeAt(triangle * 4 + 2), e = attributeAt(triangle * 4 + 3);
  return vec2(a.w, b.w) * (1.0 - u - v) + vec2(c.w, e.x) * u + e.yz * v;
}

int materialOf(int triangle) { return int(triangleAt(triangle * 4).w) * 8; }

#ifdef HAS_ALPHA
// Where a surface is cut out or see-through; "random" decides for blended ones.
bool passesThrough(int triangle, float u, float v, float random) {
  int m = materialOf(triangle);
  float mode = tableFloats(m + 3).w;
  if (mode == -1.0) return false;
  float alpha = tableFloats(m).w;
#ifdef HAS_TEXTURES
  alpha *= sampleTexture(tableFloats(m + 6).x, textureCoordinates(triangle, u, v)).w;
#endif
  return mode >= 0.0 ? alpha < mode : alpha <= random;
}
#endif

Surface surfaceAt(int triangle, float u, float v, vec2 uv) {
  int m = materialOf(triangle);
  vec4 base = tableFloats(m), light = tableFloats(m + 1), kind = tableFloats(m + 2), specular = tableFloats(m + 5);
  Surface s;
  s.base = base.rgb;
  s.emission = light.rgb;
  s.lightPdf = light.w;
  s.metallic = kind.x;
  float rough = kind.y;
  s.ior = kind.z;
  s.transmission = kind.w;
  s.bent = vec3(0.0, 0.0, 1.0);
#ifdef HAS_TEXTURES
  // One copy of the sampling code for all textures: drivers would otherwise compile it seven times. The bound is no constant,
  // so that they do not unroll the loop either.
  vec4 maps[8];
  for (int slot = 0; slot < uSlots; slot++) {
    maps[slot] = sampleTexture(uintBitsToFloat(tableAt(m + 6 + (slot >> 2))[slot & 3]), uv);
  }
  s.base *= maps[0].rgb;
  s.metallic *= maps[1].b;
  rough *= maps[1].g;
  s.emission *= maps[3].rgb;
#ifdef HAS_NORMAL_MAPS
  if (tableFloats(m + 6).z >= 0.0) s.bent = (maps[2].xyz * 2.0 - 1.0) * vec3(vec2(tableFloats(m + 3).z), 1.0);
#endif
#endif
#ifdef HAS_COLORS
  vec3 ca = texelFetch(uColors, place(triangle * 4), 0).rgb, cb = texelFetch(uColors, place(triangle * 4 + 1), 0).rgb;
  s.base *= ca * (1.0 - u - v) + cb * u + texelFetch(uColors, place(triangle * 4 + 2), 0).rgb * v;
#endif
  s.spread = max(rough * rough, 1e-3);
  s.specular = mix(specular.rgb, s.base, s.metallic);
  s.grazing = mix(specular.w, 1.0, s.metallic);
#ifdef HAS_TRANSMISSION
  vec4 volume = tableFloats(m + 4);
  s.thick = volume.w > 0.0;
  s.density = volume.rgb;
#else
  s.thick = false;
  s.density = vec3(0.0);
#endif
  s.coat = 0.0;
  s.coatSpread = 1.0;
#ifdef HAS_CLEARCOAT
  vec4 coat = tableFloats(m + 3);
  s.coat = coat.x;
  float coatRough = coat.y;
#endif
#ifdef HAS_MORE_TEXTURES
  s.transmission *= maps[4].r;
#ifdef HAS_CLEARCOAT
  s.coat *= maps[5].r;
  coatRough *= maps[6].g;
#endif
#endif
#ifdef HAS_CLEARCOAT
  s.coatSpread = max(coatRough * coatRough, 1e-3);
#endif
  return s;
}

// The normal that light sees: smooth between the corners, bent by a normal map, turned to the side the ray came from.
vec3 shadingNormal(int triangle, float u, float v, vec3 bent, vec3 geometric, vec3 back) {
  vec4 a = attributeAt(triangle * 4), b = attributeAt(triangle * 4 + 1), c = attributeAt(triangle * 4 + 2);
  vec3 n = a.xyz * (1.0 - u - v) + b.xyz * u + c.xyz * v;
  float size = dot(n, n);
  n = size > 1e-12 ? n * inversesqrt(size) : geometric;
  if (dot(n, geometric) < 0.0) n = -n;
#ifdef HAS_NORMAL_MAPS
  if (bent.x != 0.0 || bent.y != 0.0) {
    vec4 e = attributeAt(triangle * 4 + 3);
    vec3 e1 = triangleAt(triangle * 4 + 1).xyz, e2 = triangleAt(triangle * 4 + 2).xyz;
    vec2 d1 = vec2(c.w, e.x) - vec2(a.w, b.w), d2 = e.yz - vec2(a.w, b.w);
    float turn = d1.x * d2.y - d1.y * d2.x < 0.0 ? -1.0 : 1.0;
    vec3 tangent = (e1 * d2.y - e2 * d1.y) * turn;
    tangent -= n * dot(n, tangent);
    float length2 = dot(tangent, tangent);
    if (length2 > 1e-20) {
      tangent *= inversesqrt(length2);
      // The side of the surface whose front the file describes.
      float front = dot(cross(e1, e2), n) < 0.0 ? -1.0 : 1.0;
      vec3 bitangent = cross(n, tangent) * (turn * front);
      n = normalize(tangent * bent.x + bitangent * bent.y + n * max(bent.z, 0.05));
    }
  }
#endif
  // Never quite edge-on to the ray: bent normals may look away.
  float facing = dot(n, back);
  if (facing < 0.01) n = normalize(n + back * (0.01 - facing));
  return n;
}
`
