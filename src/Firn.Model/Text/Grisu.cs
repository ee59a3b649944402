namespace Firn.Model.Text;

/// <summary>
/// Writes a float with digits that read back as the same float: the algorithm Grisu2 of Florian Loitsch.
/// </summary>
/// <remarks>
/// C++ Nix's JSON library uses it. In about one case of a thousand its digits are not the fewest or not the nearest, so
/// that no other algorithm gives the same text (and the same hash) for every float.
/// </remarks>
internal static class Grisu
{
    /// <summary>The most digits that a float takes.</summary>
    internal const int MaxDigits = 17;

    private const int FirstPower = -300, PowerStep = 8, SmallestExponent = -60;

    /// <summary>10^-300, 10^-292 … 10^324, each the nearest 64 bits of significand.</summary>
    private static ReadOnlySpan<ulong> Powers =>
    [
        0xAB70FE17C79AC6CA, 0xFF77B1FCBEBCDC4F, 0xBE5691EF416BD60C, 0x8DD01FAD907FFC3C, 0xD3515C2831559A83,
        0x9D71AC8FADA6C9B5, 0xEA9C227723EE8BCB, 0xAECC49914078536D, 0x823C12795DB6CE57, 0xC21094364DFB5637,
        0x9096EA6F3848984F, 0xD77485CB25823AC7, 0xA086CFCD97BF97F4, 0xEF340A98172AACE5, 0xB23867FB2A35B28E,
        0x84C8D4DFD2C63F3B, 0xC5DD44271AD3CDBA, 0x936B9FCEBB25C996, 0xDBAC6C247D62A584, 0xA3AB66580D5FDAF6,
        0xF3E2F893DEC3F126, 0xB5B5ADA8AAFF80B8, 0x87625F056C7C4A8B, 0xC9BCFF6034C13053, 0x964E858C91BA2655,
        0xDFF9772470297EBD, 0xA6DFBD9FB8E5B88F, 0xF8A95FCF88747D94, 0xB94470938FA89BCF, 0x8A08F0F8BF0F156B,
        0xCDB02555653131B6, 0x993FE2C6D07B7FAC, 0xE45C10C42A2B3B06, 0xAA242499697392D3, 0xFD87B5F28300CA0E,
        0xBCE5086492111AEB, 0x8CBCCC096F5088CC, 0xD1B71758E219652C, 0x9C40000000000000, 0xE8D4A51000000000,
        0xAD78EBC5AC620000, 0x813F3978F8940984, 0xC097CE7BC90715B3, 0x8F7E32CE7BEA5C70, 0xD5D238A4ABE98068,
        0x9F4F2726179A2245, 0xED63A231D4C4FB27, 0xB0DE65388CC8ADA8, 0x83C7088E1AAB65DB, 0xC45D1DF942711D9A,
        0x924D692CA61BE758, 0xDA01EE641A708DEA, 0xA26DA3999AEF774A, 0xF209787BB47D6B85, 0xB454E4A179DD1877,
        0x865B86925B9BC5C2, 0xC83553C5C8965D3D, 0x952AB45CFA97A0B3, 0xDE469FBD99A05FE3, 0xA59BC234DB398C25,
        0xF6C69A72A3989F5C, 0xB7DCBF5354E9BECE, 0x88FCF317F22241E2, 0xCC20CE9BD35C78A5, 0x98165AF37B2153DF,
        0xE2A0B5DC971F303A, 0xA8D9D1535CE3B396, 0xFB9B7CD9A4A7443C, 0xBB764C4CA7A44410, 0x8BAB8EEFB6409C1A,
        0xD01FEF10A657842C, 0x9B10A4E5E9913129, 0xE7109BFBA19C0C9D, 0xAC2820D9623BF429, 0x80444B5E7AA7CF85,
        0xBF21E44003ACDD2D, 0x8E679C2F5E44FF8F, 0xD433179D9C8CB841, 0x9E19DB92B4E31BA9,
    ];

    /// <summary>
    /// Writes the digits of a positive, finite float; its value is 0.DIGITS times ten to the power of
    /// <paramref name="point"/>.
    /// </summary>
    internal static int Digits(double value, Span<byte> digits, out int point)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var (exponentBits, fractionBits) = ((int)(bits >> 52) & 0x7FF, bits & 0xF_FFFF_FFFF_FFFF);
        var exact = exponentBits == 0
            ? new Binary(fractionBits, -1074)
            : new Binary(fractionBits | 1UL << 52, exponentBits - 1075);

        // The neighbour below a power of two is only half as far away.
        var upper = new Binary((exact.Significand << 1) + 1, exact.Exponent - 1).Normalize();
        var lower = fractionBits == 0 && exponentBits > 1
            ? new Binary((exact.Significand << 2) - 1, exact.Exponent - 2)
            : new Binary((exact.Significand << 1) - 1, exact.Exponent - 1);
        lower = new Binary(lower.Significand << (lower.Exponent - upper.Exponent), upper.Exponent);

        var power = PowerFor(upper.Exponent, out var decimalExponent);
        var middle = exact.Normalize().Times(power);
        var high = upper.Times(power).Significand - 1;
        var low = lower.Times(power).Significand + 1;
        var length = Generate(digits, high, low, middle, ref decimalExponent);
        point = length - decimalExponent;
        return length;
    }

    private static Binary PowerFor(int exponent, out int decimalExponent)
    {
        // The smallest power that lifts the product to an exponent from -60 to -32.
        var lift = SmallestExponent - exponent - 1;
        var wanted = (lift * 78913 / (1 << 18)) + (lift > 0 ? 1 : 0);
        var index = (wanted - FirstPower + PowerStep - 1) / PowerStep;
        decimalExponent = FirstPower + (index * PowerStep);
        return new Binary(Powers[index], (decimalExponent * 1741647 >> 19) - 63);
    }

    private static int Generate(Span<byte> digits, ulong high, ulong low, Binary middle, ref int decimalExponent)
    {
        var shift = -middle.Exponent;
        var one = 1UL << shift;
        var (delta, distance) = (high - low, high - middle.Significand);
        var (whole, fraction) = ((uint)(high >> shift), high & (one - 1));
        var length = 0;
        var unit = 1u;
        var left = 1;
        for (; left < 10 && whole / unit >= 10; left++)
        {
            unit *= 10;
        }

        for (; left > 0; unit /= 10)
        {
            digits[length++] = (byte)('0' + (whole / unit));
            whole %= unit;
            left--;
            var rest = ((ulong)whole << shift) + fraction;
            if (rest <= delta)
            {
                decimalExponent -= left;
                Approach(ref digits[length - 1], distance, delta, rest, (ulong)unit << shift);
                return length;
            }
        }

        do
        {
            fraction *= 10;
            digits[length++] = (byte)('0' + (fraction >> shift));
            fraction &= one - 1;
            decimalExponent++;
            delta *= 10;
            distance *= 10;
        }
        while (fraction > delta);

        Approach(ref digits[length - 1], distance, delta, fraction, one);
        return length;
    }

    /// <summary>Lowers the last digit while that brings the digits nearer to the float itself.</summary>
    private static void Approach(ref byte digit, ulong distance, ulong delta, ulong rest, ulong unit)
    {
        while (rest < distance && delta - rest >= unit
            && (rest + unit < distance || distance - rest > rest + unit - distance))
        {
            digit--;
            rest += unit;
        }
    }

    private readonly record struct Binary(ulong Significand, int Exponent)
    {
        internal Binary Normalize()
        {
            var zeros = System.Numerics.BitOperations.LeadingZeroCount(Significand);
            return new Binary(Significand << zeros, Exponent - zeros);
        }

        internal Binary Times(Binary other)
        {
            var high = Math.BigMul(Significand, other.Significand, out var low);
            return new Binary(high + (low >> 63), Exponent + other.Exponent + 64);
        }
    }
}
