/**
 * One pixel: its samples one after the other. The loop goes by edges of paths, not by samples: a pixel whose path has ended
 * starts its next sample at once, so that neighbours that are computed together do not wait for the longest path of each.
 *
 * Light is found in two ways, by aiming at lights and by chance, weighted by the power heuristic (E. Veach, 1997). Paths that
 * carry little are ended at random, decided by the same hash as all else.
 */
export const path = /* glsl */ `
vec3 environment(vec3 d) {
  return d.y >= 0.0 ? mix(uHorizon, uZenith, d.y) : mix(uHorizon, uNadir, -d.y);
}

// A frame around n (T. Duff et al., JCGT 6(1), 2017).
void frame(vec3 n, out vec3 x, out vec3 y) {
  float s = n.z < 0.0 ? -1.0 : 1.0;
  float a = -1.0 / (s + n.z);
  float b = n.x * n.y * a;
  x = vec3(1.0 + s * n.x * n.x * a, s * b, -s * n.x);
  y = vec3(b, s + n.y * n.y * a, -n.y);
}

#ifdef HAS_LIGHTS
// Aims at one light, drawn by its power. Answers the light that would arrive; "density" is 0 where chance cannot find it too.
vec3 aim(vec3 from, vec4 random, out vec3 toLight, out float distance_, out float density) {
  float place_ = random.x * float(uLightCount);
  int index = min(int(place_), uLightCount - 1);
  uvec4 head = tableAt(uLightsAt + index * 4);
  if (place_ - float(index) >= uintBitsToFloat(head.x)) {
    index = int(head.y);
    head = tableAt(uLightsAt + index * 4);
  }
  float chosen = uintBitsToFloat(head.w);
  int at = uLightsAt + index * 4;
#ifdef HAS_PUNCTUAL
  if (head.z != 0u) {
    vec4 where = tableFloats(at + 1), facing = tableFloats(at + 2), color = tableFloats(at + 3);
    density = 0.0;
    if (head.z == 3u) {
      toLight = -facing.xyz;
      distance_ = 1e30;
      return color.rgb / chosen;
    }
    vec3 away = where.xyz - from;
    float d2 = max(dot(away, away), 1e-8);
    distance_ = sqrt(d2);
    toLight = away / distance_;
    float strength = 1.0 / (d2 * chosen);
    if (facing.w > 0.0) {
      float q = d2 / (facing.w * facing.w);
      strength *= clamp(1.0 - q * q, 0.0, 1.0);
    }
    if (head.z == 2u) {
      float cone = clamp((-dot(toLight, facing.xyz) - where.w) * color.w, 0.0, 1.0);
      strength *= cone * cone;
    }
    return color.rgb * strength;
  }
#endif
  int triangle = int(tableAt(at + 1).w);
  // An even point of a triangle by a fold of the unit square (E. Heitz, 2019).
  float u = random.y, v = random.z;
  if (v > u) { u *= 0.5; v -= u; } else { v *= 0.5; u -= v; }
  vec3 e1 = triangleAt(triangle * 4 + 1).xyz, e2 = triangleAt(triangle * 4 + 2).xyz;
  vec4 corner = triangleAt(triangle * 4);
  vec3 away = corner.xyz + e1 * u + e2 * v - from;
  float d2 = dot(away, away);
  distance_ = sqrt(d2);
  toLight = away / max(distance_, 1e-20);
  int m = int(corner.w) * 8;
  vec4 light = tableFloats(m + 1);
  vec3 emission = light.rgb;
#ifdef HAS_TEXTURES
  emission *= sampleTexture(tableFloats(m + 6).w, textureCoordinates(triangle, u, v)).rgb;
#endif
  float cosine = abs(dot(toLight, normalize(cross(e1, e2))));
  density = light.w * d2 / max(cosine, 1e-6);
  return density > 0.0 ? emission / density : vec3(0.0);
}
#endif

void cameraRay(ivec2 pixel, out vec3 o, out vec3 d) {
  vec2 jitter = randoms(0u).xy;
  vec2 screen = (vec2(pixel) + jitter) / vec2(uPicture) * 2.0 - 1.0;
  vec3 side = uRight * screen.x - uUp * screen.y;
  if (uForward.w > 0.5) { o = uEye + side; d = uForward.xyz; }
  else { o = uEye; d = normalize(uForward.xyz + side); }
}

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  uvec4 cell = texelFetch(uCells, at >> 4, 0);
  ivec2 pixel = ivec2(cell.xy) + (at & 15);
  sum = vec4(0.0);
  if (pixel.x >= uPicture.x || pixel.y >= uPicture.y) return;
  if (uContinue) sum = texelFetch(uBefore, at, 0);
  pixelKey = uint(pixel.x) | (uint(pixel.y) << 16u);

  int done = 0;
  bool fresh = true;
  int edges = 0;
  uint passes = 0u;
  vec3 o, d, weight, light;
  float found = -1.0;
  while (done < uSamples) {
    if (fresh) {
      fresh = false;
      sampleIndex = uint(uFirstSample + done);
      cameraRay(pixel, o, d);
      weight = vec3(1.0);
      light = vec3(0.0);
      edges = 0;
      passes = 0u;
      found = -1.0;
    }
    edges++;
    bool ended = true;
    bool passed = false;
    vec3 nextO = o, nextD = d, aimed_ = vec3(0.0);
    float reach = 1e30;
    // Two rays with one copy of the code: the path's own, then the one towards a light, if any. uRays is 2.
    for (int ray = 0; ray < uRays; ray++) {
      Hit hit = Hit(reach, 0.0, 0.0, -1);
      bool met = meet(o, d, ray == 1, hit);
      if (ray == 1) {
        if (!met) light += aimed_;
        break;
      }
      if (!met) {
        light += weight * environment(d);
        break;
      }
      vec3 e1 = triangleAt(hit.triangle * 4 + 1).xyz, e2 = triangleAt(hit.triangle * 4 + 2).xyz;
      vec3 position = triangleAt(hit.triangle * 4).xyz + e1 * hit.u + e2 * hit.v;
      vec3 geometric = normalize(cross(e1, e2));
      bool entering = dot(geometric, d) < 0.0;
      if (!entering) geometric = -geometric;
#ifdef HAS_ALPHA
      if (passes < 64u && passesThrough(hit.triangle, hit.u, hit.v, randoms(4096u + passes + uint(edges) * 64u).x)) {
        passes++;
        edges--;
        passed = true;
        nextO = leave(position, -geometric);
        break;
      }
#endif
      vec2 uv = textureCoordinates(hit.triangle, hit.u, hit.v);
      Surface s = surfaceAt(hit.triangle, hit.u, hit.v, uv);
#ifdef HAS_TRANSMISSION
      if (!entering && s.thick && s.transmission > 0.0) {
        vec3 depth = s.density * hit.t;
        weight *= vec3(decay(depth.x), decay(depth.y), decay(depth.z));
      }
#endif
      if (largest(s.emission) > 0.0) {
        float share = 1.0;
#ifdef HAS_LIGHTS
        if (found > 0.0) {
          float aimed = s.lightPdf * hit.t * hit.t / max(-dot(d, geometric), 1e-6);
          share = found * found / (found * found + aimed * aimed);
        }
#endif
        light += weight * s.emission * share;
      }
      if (edges >= uMaxEdges) break;
      vec3 n = shadingNormal(hit.triangle, hit.u, hit.v, s.bent, geometric, -d);
      vec3 x, y;
      frame(n, x, y);
      vec3 out_ = vec3(-dot(d, x), -dot(d, y), -dot(d, n));
      float eta = entering || !s.thick ? s.ior : 1.0 / s.ior;
      Lobes lobes = chooseLobes(s, out_, eta);
      bool aims = lobes.diffuse + lobes.coat > 0.0 || s.spread > 0.02;
      bool shadows = false;
      vec3 toLight = d;
      vec3 before = weight;
#ifdef HAS_LIGHTS
      if (aims) {
        float chance, aimed;
        vec3 arriving = aim(position, randoms(uint(edges) * 2u), toLight, reach, aimed);
        vec3 in_ = vec3(dot(toLight, x), dot(toLight, y), dot(toLight, n));
        vec3 scattered = reflected(s, lobes, out_, in_, eta, chance) * arriving;
        if (aimed > 0.0) scattered *= aimed * aimed / (aimed * aimed + chance * chance);
        aimed_ = before * scattered;
        shadows = largest(scattered) > 0.0 && dot(toLight, geometric) > 0.0;
        reach *= 0.9999;
      }
#endif
      vec4 random = randoms(uint(edges) * 2u + 1u);
      vec3 change;
      float density;
      vec3 in_ = scatterRay(s, lobes, out_, eta, random.xyz, change, density);
      weight *= change;
      nextD = normalize(x * in_.x + y * in_.y + n * in_.z);
      bool through = density < 0.0;
      float side = dot(nextD, geometric);
      // A bent normal may send a reflection into the surface, or a refraction out of it: such light is lost.
      bool possible = through ? side < 0.0 : side > 0.0;
      nextO = leave(position, through ? -geometric : geometric);
      found = through || !aims ? -1.0 : density;
      float strength = largest(weight);
      ended = !(strength > 0.0) || !possible;
      if (!ended && edges >= 3) {
        float survival = min(strength, 1.0);
        if (random.w >= survival) ended = true;
        else weight /= survival;
      }
      if (!shadows) break;
      o = leave(position, geometric);
      d = toLight;
#ifdef HAS_ALPHA
      shadowKey = uint(edges);
#endif
    }
    o = nextO;
    d = nextD;
    if (passed) continue;
    if (ended) {
      bool finite = light.x >= 0.0 && light.y >= 0.0 && light.z >= 0.0 && largest(light) < 1e30;
      sum.rgb += finite ? light : vec3(0.0);
      sum.a += 1.0;
      done++;
      fresh = true;
    }
  }
}
`
