using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Firn.Model.Text.Json;

namespace Firn.Tests.Model.Text.Json;

public sealed class JsonReaderTests
{
    [Theory]
    [InlineData("null", "Null")]
    [InlineData(" true ", "True")]
    [InlineData("[false]", "StartArray False EndArray")]
    [InlineData("[]", "StartArray EndArray")]
    [InlineData("{ }", "StartObject EndObject")]
    [InlineData("""{"a":1,"a":[{}]}""", "StartObject Key=a Integer=1 Key=a StartArray StartObject EndObject EndArray EndObject")]
    [InlineData("-0", "Integer=0")]
    [InlineData("9223372036854775807", "Integer=9223372036854775807")]
    [InlineData("-9223372036854775808", "Integer=-9223372036854775808")]
    [InlineData("9223372036854775808", "LargeInteger=9223372036854775808")]
    [InlineData("18446744073709551615", "LargeInteger=18446744073709551615")]
    [InlineData("18446744073709551616", "Float=1.8446744073709552E+19")]
    [InlineData("-9223372036854775809", "Float=-9.223372036854775808E+18")]
    [InlineData("1e2", "Float=100")]
    [InlineData("1.5E-2", "Float=0.015")]
    [InlineData("-0.0", "Float=-0")]
    [InlineData("1e-400", "Float=0")]
    [InlineData("""  "a\"\\\/\b\f\n\r\t" ""","String=a\"\\/\b\f\n\r\t")]
    [InlineData(""" "\u00e9\uD83D\uDE00\u0000" ""","String=é😀\0")]
    [InlineData("\uFEFF1", "Integer=1")]
    public void Values_are_read_token_by_token(string text, string expected) =>
        Assert.Equal(Normalize(expected), Normalize(Tokens(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData(" \n ", 2, 2)]
    [InlineData("[1,]", 1, 4)]
    [InlineData("[1 2]", 1, 4)]
    [InlineData("[1", 1, 3)]
    [InlineData("{\"a\":1,}", 1, 8)]
    [InlineData("{\"a\" 1}", 1, 6)]
    [InlineData("{1:2}", 1, 2)]
    [InlineData("{\n\"a\":\nnul}", 3, 1)]
    [InlineData("01", 1, 3)]
    [InlineData("-", 1, 2)]
    [InlineData("+1", 1, 1)]
    [InlineData("1.", 1, 3)]
    [InlineData("1e", 1, 3)]
    [InlineData(".5", 1, 1)]
    [InlineData("1e999", 1, 6)]
    [InlineData("1 2", 1, 3)]
    [InlineData("1]", 1, 2)]
    [InlineData("[1}", 1, 3)]
    [InlineData("\"a", 1, 3)]
    [InlineData("\"\\x\"", 1, 2)]
    [InlineData("\"\\u12g4\"", 1, 2)]
    [InlineData("\"\\ud800\"", 1, 2)]
    [InlineData("\"\\ud800\\u0041\"", 1, 2)]
    [InlineData("\"\\udc00\"", 1, 2)]
    [InlineData("\"a\nb\"", 1, 3)]
    [InlineData("// no\n1", 1, 1)]
    public void What_is_no_JSON_is_refused_where_it_goes_wrong(string text, int line, int column)
    {
        var error = Assert.Throws<JsonFormatException>(() => Tokens(Encoding.UTF8.GetBytes(text)));

        Assert.Equal((line, column), (error.Position.Line, error.Position.Column));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused()
    {
        foreach (var fault in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3] })
        {
            var error = Assert.Throws<JsonFormatException>(() => Tokens([(byte)'"', (byte)'a', .. fault, (byte)'"']));
            Assert.Equal(2, error.Offset);
        }
    }

    [Fact]
    public void An_error_says_what_stands_where_something_else_should() =>
        Assert.Equal(
            "invalid JSON at line 1, column 5: 'nul' where a value should be",
            Assert.Throws<JsonFormatException>(() => Tokens("[1, nul]"u8.ToArray())).Message);

    [Fact]
    public void A_value_can_be_skipped_whole()
    {
        var reader = new JsonReader("""{"a":{"b":[1,{}]},"c":2}"""u8);

        Assert.Equal(JsonToken.StartObject, reader.Next());
        Assert.Equal(JsonToken.Key, reader.Next());
        reader.Skip();
        Assert.Equal(JsonToken.Key, reader.Next());
        Assert.Equal("c", Encoding.UTF8.GetString(reader.Text));
    }

    [Fact]
    public void Depth_costs_no_stack()
    {
        var text = Encoding.ASCII.GetBytes(new string('[', 900_000) + new string(']', 900_000));
        var reader = new JsonReader(text);
        var deepest = 0;
        while (reader.Next() != JsonToken.End)
        {
            deepest = Math.Max(deepest, reader.Depth);
        }

        Assert.Equal(900_000, deepest);
        Assert.Throws<JsonFormatException>(() => Tokens([.. Enumerable.Repeat((byte)'[', JsonReader.DepthLimit + 1)]));
    }

    [Fact]
    public void What_the_platform_takes_is_taken_and_what_it_refuses_is_refused() =>
        Gen.OneOf("{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "1", "-2.5", "0", "00", "true", "null", " ")
            .Array[0, 9].Sample(parts =>
            {
                var text = Encoding.UTF8.GetBytes(string.Concat(parts));
                Assert.Equal(PlatformTakes(text), Takes(text));
            }, iter: 20_000);

    private static bool PlatformTakes(byte[] text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Takes(byte[] text)
    {
        try
        {
            Tokens(text);
            return true;
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }

    private static string Tokens(byte[] text)
    {
        var tokens = new List<string>();
        var reader = new JsonReader(text);
        while (reader.Next() != JsonToken.End)
        {
            tokens.Add(reader.Token switch
            {
                JsonToken.Key or JsonToken.String => $"{reader.Token}={Encoding.UTF8.GetString(reader.Text)}",
                JsonToken.Integer => $"Integer={reader.Integer}",
                JsonToken.LargeInteger => $"LargeInteger={reader.LargeInteger}",
                JsonToken.Float => $"Float={reader.Float.ToString("R", CultureInfo.InvariantCulture)}",
                var token => token.ToString(),
            });
        }

        return string.Join(' ', tokens);
    }

    private static string Normalize(string tokens) =>
        tokens.StartsWith("Float=", StringComparison.Ordinal)
            ? double.Parse(tokens[6..], CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)
            : tokens;
}
