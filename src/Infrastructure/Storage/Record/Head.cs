using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

// Stored by number: new ones are added at the end.

public enum HeadOf { Stream, Document, Message, Audit, Patients }

/// <summary>How something stands after a save, as the record keeps it outside the rows themselves: a row that is taken away or put back from
/// before says something else.</summary>
/// <param name="Name">The id of a stream or message, <c>type/name</c> of a document, the number that an audit entry was sealed with, or the practice of a list of patients.</param>
/// <param name="Version">How many events a stream has, a document's version, when an audit entry was made, or a list's number; 0: it is gone.</param>
/// <param name="Tag">The end of its sealed bytes, which no other content has; of a list the hash of its rows.</param>
/// <param name="Stream">Whose erasure takes a document along.</param>
public sealed record Head(HeadOf Of, string Name, long Version, string Tag, Guid? Stream = null)
{
    private const int TagBytes = 8;
    private const string Context = "record/heads";

    public bool IsGone => Version == 0;

    public static Head OfStream(Guid id, long version, byte[] lastEvent) => new(HeadOf.Stream, $"{id:N}", version, TagOf(lastEvent));

    public static Head OfDocument(SealedDocument document) => new(HeadOf.Document, document.Id, document.Version, TagOf(document.Data), document.Stream);

    /// <param name="content">What it says, without what changes while it waits.</param>
    public static Head OfMessage(Guid id, byte[] content) => new(HeadOf.Message, $"{id:N}", 1, TagOf(SHA256.HashData(content)));

    public static Head OfAudit(AuditEntry entry, byte[] seal) => new(HeadOf.Audit, AuditEntry.NumberOf(seal), entry.At, "");

    public static Head Gone(HeadOf of, string name) => new(of, name, 0, "");

    public static string TagOf(byte[] bytes) => Convert.ToHexStringLower(bytes.AsSpan(Math.Max(0, bytes.Length - TagBytes)));

    /// <summary>One row of the record.</summary>
    public static Statement Insert(Keyring keyring, IEnumerable<Head> heads) => new("insert into record_heads(said) values(@said)",
        new Dictionary<string, object?> { ["said"] = Keyring.Seal(KeyOf(keyring), Encoding.UTF8.GetBytes(string.Join('\n', heads.Select(head => head.Line))), Context) });

    public static byte[] KeyOf(Keyring keyring) => keyring.Derive("record/heads");

    /// <exception cref="CryptographicException">Nobody who has the keys wrote it.</exception>
    public static IReadOnlyList<Head> Read(byte[] key, byte[] said) => [.. Encoding.UTF8.GetString(Keyring.Open(key, said, Context)).Split('\n').Select(Parse)];

    private string Line => string.Create(CultureInfo.InvariantCulture, $"{(int)Of}\t{Name}\t{Version}\t{Tag}\t{Stream:N}");

    private static Head Parse(string line) => line.Split('\t') is [var of, var name, var version, var tag, var stream]
        ? new((HeadOf)int.Parse(of, CultureInfo.InvariantCulture), name, long.Parse(version, CultureInfo.InvariantCulture), tag, stream == "" ? null : Guid.ParseExact(stream, "N"))
        : throw new CryptographicException("A row of the record is not what was stored.");
}
