using System.Text;

namespace Firn.Syntax.Text;

/// <summary>A name that was seen in source text: two equal names are the same object.</summary>
public sealed class Symbol
{
    internal Symbol(int id, byte[] bytes, int hash, Symbol? next) => (Id, Bytes, Hash, Next) = (id, bytes, hash, next);

    /// <summary>A small number that is unique within the <see cref="SymbolTable"/>; attribute sets are keyed by it.</summary>
    public int Id { get; }

    /// <summary>The name as UTF-8 (or whatever bytes the user wrote); not to be changed.</summary>
    public byte[] Bytes { get; }

    /// <summary>The hash under which the <see cref="SymbolTable"/> finds the name.</summary>
    internal int Hash { get; }

    /// <summary>The next symbol in the same bucket of the table; changes only while the table grows.</summary>
    internal Symbol? Next { get; set; }

    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}
