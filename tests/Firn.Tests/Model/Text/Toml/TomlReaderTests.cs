using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Firn.Model.Text.Json;
using Firn.Model.Text.Toml;

namespace Firn.Tests.Model.Text.Toml;

public sealed class TomlReaderTests
{
    public static TheoryData<string, string> Table => ReadTable();

    [Theory]
    [MemberData(nameof(Table))]
    public void Documents_mean_what_they_mean_to_C_plus_plus_Nix(string document, string expected) =>
        Assert.Equal(expected, Describe(Bytes(document)));

    [Theory]
    [InlineData("a = 1\nb = 2 c", 2, 7, "the line must end here")]
    [InlineData("[a]\nb = 1\n[a]", 3, 1, "'a' is defined already")]
    [InlineData("a.b = 1\na.b.c = 2", 2, 1, "'b' in 'a.b.c' is defined already, and not by a dotted key")]
    [InlineData("a = \"x\n\"", 1, 5, "the '\"' is not closed on its line")]
    [InlineData("a = '''x", 1, 5, "the three quotes are never closed")]
    [InlineData("a = True", 1, 5, "there is no value that starts like this; text must be in quotes")]
    [InlineData("a =\n", 1, 4, "a value is missing")]
    [InlineData("a = 2021-02-29", 1, 5, "there is no such date")]
    [InlineData("a = 99999999999999999999", 1, 5, "the number does not fit 64 bits")]
    public void An_error_says_where_and_what_is_wrong(string document, int line, int column, string problem)
    {
        var error = Assert.Throws<TomlFormatException>(() => TomlReader.Read(Encoding.UTF8.GetBytes(document)));

        Assert.Equal($"invalid TOML at line {line}, column {column}: {problem}", error.Message);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a=", "}")]
    public void Depth_has_a_limit(string open, string close)
    {
        string Nested(int depth) =>
            "a=" + string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));

        Assert.NotEqual("E", Describe(Encoding.ASCII.GetBytes(Nested(200))));
        Assert.Equal("E", Describe(Encoding.ASCII.GetBytes(Nested(100_000))));
        Assert.Equal("E", Describe(Encoding.ASCII.GetBytes(string.Join('.', Enumerable.Repeat("a", 100_000)) + "=1")));
    }

    [Fact]
    public void Any_bytes_are_a_document_or_a_clean_failure() =>
        Gen.OneOf(Gen.Byte.Select(value => Encoding.Latin1.GetString([value])), Gen.OneOf(
            "a", "b", ".", "\"", "'", "'''", "\"\"\"", "[", "]", "[[", "]]", "{", "}", "=", ",", "\n", "\r\n", "#", " ", "1", "_",
            "0x", "-", ":", "2020-01-01", "T", "12:30:00", "+", "e", "inf", "true", "\\", "\\u00e9"))
            .Array[0, 20].Sample(parts => Describe(Encoding.Latin1.GetBytes(string.Concat(parts))), iter: 20_000);

    [Fact]
    public void Text_in_a_literal_string_is_taken_as_it_stands() =>
        Gen.Char[' ', '~'].Where(value => value != '\'').Array[0, 30].Sample(letters =>
        {
            var table = TomlReader.Read(Encoding.ASCII.GetBytes($"a = '{new string(letters)}'"));
            Assert.Equal(new string(letters), Assert.IsType<TomlValue.Text>(Assert.Single(table.Members).Value).Value.ToString());
        });

    private static string Describe(byte[] document)
    {
        try
        {
            var writer = new JsonWriter();
            Write(writer, TomlReader.Read(document));
            return Encoding.UTF8.GetString(writer.Written);
        }
        catch (TomlFormatException)
        {
            return "E";
        }
    }

    private static void Write(JsonWriter writer, TomlValue value)
    {
        switch (value)
        {
            case TomlValue.Table table:
                writer.StartObject();
                foreach (var (key, member) in table.Members.OrderBy(member => member.Key))
                {
                    writer.Key(key.Span);
                    Write(writer, member);
                }

                writer.EndObject();
                break;
            case TomlValue.Array array:
                writer.StartArray();
                foreach (var item in array.Items)
                {
                    Write(writer, item);
                }

                writer.EndArray();
                break;
            case TomlValue.Text text:
                writer.String(text.Value.Span);
                break;
            case TomlValue.Integer integer:
                writer.Integer(integer.Value);
                break;
            case TomlValue.Float number:
                writer.Float(number.Value);
                break;
            case TomlValue.Boolean boolean:
                writer.Boolean(boolean.Value);
                break;
            case TomlValue.Timestamp timestamp:
                writer.StartObject();
                writer.Key("_type"u8);
                writer.String("timestamp"u8);
                writer.Key("value"u8);
                writer.String(Encoding.ASCII.GetBytes(timestamp.Value));
                writer.EndObject();
                break;
        }
    }

    private static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            var isEscape = text[at] == '<';
            bytes.Add(isEscape
                ? byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : (byte)text[at]);
            at += isEscape ? 3 : 0;
        }

        return [.. bytes];
    }

    private static TheoryData<string, string> ReadTable([CallerFilePath] string test = "")
    {
        var rows = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(Path.GetDirectoryName(test)!, "toml11.table")).Skip(1))
        {
            var parts = line.Split('\t');
            rows.Add(parts[0], parts[1]);
        }

        return rows;
    }
}
