namespace Firn.Syntax.Tokens;

/// <summary>Which kinds of words a byte can stand in.</summary>
[Flags]
internal enum ByteClass : byte
{
    None = 0,
    Space = 1,
    Digit = 2,
    NameStart = 4,
    Name = 8,
    Path = 16,
    Scheme = 32,
    Uri = 64,
}

/// <summary>The <see cref="ByteClass"/> of each byte.</summary>
internal static class ByteClasses
{
    internal static readonly ByteClass[] Table = Make();

    private static ByteClass[] Make()
    {
        var table = new ByteClass[256];
        Add(" \t\r\n"u8, ByteClass.Space);
        Add("0123456789"u8, ByteClass.Digit | ByteClass.Name | ByteClass.Path | ByteClass.Scheme | ByteClass.Uri);
        for (var c = 'a'; c <= 'z'; c++)
        {
            Add([(byte)c, (byte)(c - 'a' + 'A')],
                ByteClass.NameStart | ByteClass.Name | ByteClass.Path | ByteClass.Scheme | ByteClass.Uri);
        }

        Add("_"u8, ByteClass.NameStart | ByteClass.Name | ByteClass.Path | ByteClass.Uri);
        Add("-"u8, ByteClass.Name | ByteClass.Path | ByteClass.Scheme | ByteClass.Uri);
        Add("+."u8, ByteClass.Path | ByteClass.Scheme | ByteClass.Uri);
        Add("'"u8, ByteClass.Name | ByteClass.Uri);
        Add("%/?:@&=$,!~*"u8, ByteClass.Uri);
        return table;

        void Add(ReadOnlySpan<byte> bytes, ByteClass @class)
        {
            foreach (var b in bytes)
            {
                table[b] |= @class;
            }
        }
    }
}
