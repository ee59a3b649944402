using System.Text;
using System.Text.Json;
using CsCheck;
using Firn.Model.Text.Json;

namespace Firn.Tests.Model.Text.Json;

public sealed class JsonWriterTests
{
    [Theory]
    [InlineData(0, """{"a":1,"b":[true,null,"x"],"c":{},"d":[],"e":{"f":-1.5}}""")]
    [InlineData(2, "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null,\n    \"x\"\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": {\n    \"f\": -1.5\n  }\n}")]
    public void Structure_is_laid_out_as_C_plus_plus_Nix_does_it(int indentation, string expected)
    {
        var writer = new JsonWriter(indentation);
        writer.StartObject();
        writer.Key("a"u8);
        writer.Integer(1);
        writer.Key("b"u8);
        writer.StartArray();
        writer.Boolean(true);
        writer.Null();
        writer.String("x"u8);
        writer.EndArray();
        writer.Key("c"u8);
        writer.StartObject();
        writer.EndObject();
        writer.Key("d"u8);
        writer.StartArray();
        writer.EndArray();
        writer.Key("e"u8);
        writer.StartObject();
        writer.Key("f"u8);
        writer.Float(-1.5);
        writer.EndObject();
        writer.EndObject();

        Assert.Equal(expected, Encoding.UTF8.GetString(writer.Written));
    }

    [Theory]
    [InlineData("\"\\/\b\t\n\f\r", """ "\"\\/\b\t\n\f\r" """)]
    [InlineData("\u0001\u001f\u007f", """ "\u0001\u001f<7f>" """)]
    [InlineData("é😀<>&'", """ "é😀<>&'" """)]
    public void Only_what_must_be_escaped_is(string text, string expected) =>
        Assert.Equal(expected.Trim().Replace("<7f>", "\u007f", StringComparison.Ordinal), Quoted(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("5F696E76616C6964205554462D383A20FF5F", "invalid UTF-8 byte at index 16: 0xFF")]
    [InlineData("C328", "invalid UTF-8 byte at index 1: 0x28")]
    [InlineData("61E08061", "invalid UTF-8 byte at index 2: 0x80")]
    [InlineData("80", "invalid UTF-8 byte at index 0: 0x80")]
    [InlineData("C0AF", "invalid UTF-8 byte at index 0: 0xC0")]
    [InlineData("EDA080", "invalid UTF-8 byte at index 1: 0xA0")]
    [InlineData("F09F9861", "invalid UTF-8 byte at index 3: 0x61")]
    [InlineData("61E282", "incomplete UTF-8 string; last byte: 0x82")]
    public void What_is_no_UTF8_cannot_be_written(string hexadecimal, string problem) =>
        Assert.Equal(
            $"JSON serialization error: [json.exception.type_error.316] {problem}",
            Assert.Throws<JsonSerializationException>(() => Quoted(Convert.FromHexString(hexadecimal))).Message);

    [Fact]
    public void A_written_string_is_read_back() =>
        Gen.String.Sample(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var reader = new JsonReader(Encoding.UTF8.GetBytes(Quoted(bytes)));
            Assert.Equal(JsonToken.String, reader.Next());
            Assert.Equal(bytes, reader.Text.ToArray());
            Assert.Equal(JsonToken.End, reader.Next());
            Assert.Equal(Encoding.UTF8.GetString(bytes), JsonSerializer.Deserialize<string>(Quoted(bytes)));
        });

    private static string Quoted(byte[] text)
    {
        var writer = new JsonWriter();
        writer.String(text);
        return Encoding.UTF8.GetString(writer.Written);
    }
}
