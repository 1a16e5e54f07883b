"""The two checks that docs/format.md names: CRC-32C (RFC 3720) and XXH3-64 with seed 0, written from their specifications."""
MASK = (1 << 64) - 1


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC = crc_table()


def crc32c(*pieces):
    """The CRC of the pieces, one after the other."""
    table, c = CRC, 0xFFFFFFFF
    for piece in pieces:
        for byte in piece:
            c = table[(c ^ byte) & 255] ^ c >> 8
    return c ^ 0xFFFFFFFF


# ---- XXH3 ------------------------------------------------------------------------------------------------------------------

P32 = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
P64 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
MIX = (0x165667919E3779F9, 0x9FB21C651E98DF25)
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")


def u32(raw, at):
    return int.from_bytes(raw[at:at + 4], "little")


def u64(raw, at):
    return int.from_bytes(raw[at:at + 8], "little")


def swapped(x):
    return int.from_bytes(x.to_bytes(8, "little"), "big")


def rotated(x, by):
    return (x << by | x >> 64 - by) & MASK


def avalanche(h, multiplier=MIX[0], first=37, last=32):
    h = (h ^ h >> first) * multiplier & MASK
    return h ^ h >> last


def avalanche_64(h):
    h = (h ^ h >> 33) * P64[1] & MASK
    return avalanche(h, P64[2], 29, 32)


def folded(a, b):
    product = a * b
    return (product ^ product >> 64) & MASK


def mix_16(raw, at, secret_at):
    return folded(u64(raw, at) ^ u64(SECRET, secret_at), u64(raw, at + 8) ^ u64(SECRET, secret_at + 8))


def xxh3_64(raw):
    """XXH3-64 of `raw` with the default secret and seed 0."""
    n = len(raw)
    if n == 0:
        return avalanche_64(u64(SECRET, 56) ^ u64(SECRET, 64))
    if n <= 3:
        joined = raw[0] << 16 | raw[n // 2] << 24 | raw[-1] | n << 8
        return avalanche_64(joined ^ u32(SECRET, 0) ^ u32(SECRET, 4))
    if n <= 8:
        h = u32(raw, n - 4) + (u32(raw, 0) << 32) & MASK ^ u64(SECRET, 8) ^ u64(SECRET, 16)
        h = (h ^ rotated(h, 49) ^ rotated(h, 24)) * MIX[1] & MASK
        h = (h ^ (h >> 35) + n & MASK) * MIX[1] & MASK
        return h ^ h >> 28
    if n <= 16:
        low = u64(raw, 0) ^ u64(SECRET, 24) ^ u64(SECRET, 32)
        high = u64(raw, n - 8) ^ u64(SECRET, 40) ^ u64(SECRET, 48)
        return avalanche(n + swapped(low) + high + folded(low, high) & MASK)
    if n <= 128:
        h = n * P64[0]
        for i in range((n - 1) // 32, -1, -1):
            h += mix_16(raw, 16 * i, 32 * i) + mix_16(raw, n - 16 * (i + 1), 32 * i + 16)
        return avalanche(h & MASK)
    if n <= 240:
        h = n * P64[0] + sum(mix_16(raw, 16 * i, 16 * i) for i in range(8)) & MASK
        h = avalanche(h) + sum(mix_16(raw, 16 * i, 16 * (i - 8) + 3) for i in range(8, n // 16))
        return avalanche(h + mix_16(raw, n - 16, 136 - 17) & MASK)
    return long_hash(raw)


def take_stripe(lanes, raw, at, secret_at):
    for i in range(8):
        word = u64(raw, at + 8 * i)
        keyed = word ^ u64(SECRET, secret_at + 8 * i)
        lanes[i ^ 1] += word
        lanes[i] += (keyed & 0xFFFFFFFF) * (keyed >> 32)


def long_hash(raw):
    n = len(raw)
    lanes = [P32[2], *P64[:4], P32[1], P64[4], P32[0]]
    stripes = (len(SECRET) - 64) // 8
    blocks = (n - 1) // (64 * stripes)
    for block in range(blocks):
        for stripe in range(stripes):
            take_stripe(lanes, raw, 64 * (block * stripes + stripe), 8 * stripe)
        for i in range(8):
            lane = lanes[i] & MASK
            lanes[i] = (lane ^ lane >> 47 ^ u64(SECRET, len(SECRET) - 64 + 8 * i)) * P32[0] & MASK
    begun = 64 * stripes * blocks
    for stripe in range((n - 1 - begun) // 64):
        take_stripe(lanes, raw, begun + 64 * stripe, 8 * stripe)
    take_stripe(lanes, raw, n - 64, len(SECRET) - 64 - 7)
    lanes = [lane & MASK for lane in lanes]
    h = n * P64[0] + sum(folded(lanes[2 * i] ^ u64(SECRET, 11 + 16 * i), lanes[2 * i + 1] ^ u64(SECRET, 19 + 16 * i)) for i in range(4))
    return avalanche(h & MASK)
