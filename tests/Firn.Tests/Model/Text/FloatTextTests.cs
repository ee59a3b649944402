using System.Globalization;
using CsCheck;
using Firn.Model.Text;

namespace Firn.Tests.Model.Text;

public sealed class FloatTextTests
{
    [Theory]
    [InlineData(1.5, "1.5", "1.500000", "1.5")]
    [InlineData(1e10, "1e+10", "10000000000.000000", "10000000000.0")]
    [InlineData(100000.0, "100000", "100000.000000", "100000.0")]
    [InlineData(1e6, "1e+06", "1000000.000000", "1000000.0")]
    [InlineData(1234567.0, "1.23457e+06", "1234567.000000", "1234567.0")]
    [InlineData(0.1, "0.1", "0.100000", "0.1")]
    [InlineData(1e-4, "0.0001", "0.000100", "0.0001")]
    [InlineData(1e-5, "1e-05", "0.000010", "1e-05")]
    [InlineData(1e100, "1e+100", null, "1e+100")]
    [InlineData(1e23, "1e+23", "99999999999999991611392.000000", "9.999999999999999e+22")]
    [InlineData(123456.5, "123456", "123456.500000", "123456.5")]
    [InlineData(123457.5, "123458", "123457.500000", "123457.5")]
    [InlineData(999999.5, "1e+06", "999999.500000", "999999.5")]
    [InlineData(0.0078125, "0.0078125", "0.007812", "0.0078125")]
    [InlineData(1e14, "1e+14", "100000000000000.000000", "100000000000000.0")]
    [InlineData(1e15, "1e+15", "1000000000000000.000000", "1e+15")]
    [InlineData(0.0, "0", "0.000000", "0.0")]
    [InlineData(-0.0, "-0", "-0.000000", "-0.0")]
    [InlineData(5e-324, "4.94066e-324", "0.000000", "5e-324")]
    [InlineData(double.MaxValue, "1.79769e+308", null, "1.7976931348623157e+308")]
    [InlineData(9007199254740993.0, "9.0072e+15", "9007199254740992.000000", "9.007199254740992e+15")]
    [InlineData(123456789012345.6, "1.23457e+14", "123456789012345.593750", "123456789012345.6")]
    [InlineData(double.PositiveInfinity, "inf", "inf", "null")]
    [InlineData(double.NegativeInfinity, "-inf", "-inf", "null")]
    public void Floats_are_written_as_C_plus_plus_writes_them(double value, string shown, string? coerced, string json)
    {
        Assert.Equal(shown, FloatText.Shown(value));
        Assert.Equal(coerced ?? FloatText.Coerced(value), FloatText.Coerced(value));
        Assert.Equal(json, FloatText.Json(value));
    }

    [Fact]
    public void No_number_has_a_sign_of_its_own()
    {
        Assert.Equal("nan", FloatText.Shown(BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000)));
        Assert.Equal("-nan", FloatText.Coerced(BitConverter.UInt64BitsToDouble(0xFFF8_0000_0000_0000)));
    }

    [Fact]
    public void The_digits_in_JSON_read_back_as_the_same_float() =>
        Gen.ULong.Select(BitConverter.UInt64BitsToDouble).Where(double.IsFinite).Sample(value =>
        {
            var text = FloatText.Json(value);
            Assert.InRange(text.Length, 3, FloatText.MaxJsonLength);
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
        }, iter: 10_000);

    /// <summary>C++ Nix's algorithm does not always find the fewest digits; its longer ones go into hashes.</summary>
    [Theory]
    [InlineData(757834555934107.2, "757834555934107.3")]
    [InlineData(35522146167011070.0, "3.5522146167011072e+16")]
    [InlineData(1224602950375809.2, "1.2246029503758093e+15")]
    public void The_digits_are_those_of_Grisu2(double value, string json) => Assert.Equal(json, FloatText.Json(value));
}
