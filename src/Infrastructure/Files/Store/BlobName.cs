using System.Globalization;
using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>The only names a blob can have. Nothing a patient typed is ever part of one.</summary>
public static partial class BlobName
{
    /// <summary>The folder of the markers that say which conversations were erased.</summary>
    public const string ErasedFolder = "erased/";

    /// <summary>The folder of what the database has to have, see <see cref="Checkpoints.CheckpointStore"/>.</summary>
    public const string CheckpointFolder = "checkpoints/";

    /// <summary>Only tries whether the store works; no conversation has its folder's id.</summary>
    public static string Probe(Guid process) => Of(Guid.Empty, process);

    public static string Of(Guid conversationId, Guid fileId) => $"{conversationId:N}/{fileId:N}";

    public static string Erased(Guid conversationId) => $"{ErasedFolder}{conversationId:N}";

    /// <summary>Later ones sort after it.</summary>
    public static string Checkpoint(long era, long n) => string.Create(CultureInfo.InvariantCulture, $"{CheckpointFolder}{era:x16}{n:x16}");

    public static string FolderOf(Guid conversationId) => $"{conversationId:N}/";

    public static bool IsOne(string name) => Name().IsMatch(name);

    /// <summary>The name itself; <see cref="ArgumentException"/> for anything but a blob's name.</summary>
    public static string Checked(string name) =>
        IsOne(name) ? name : throw new ArgumentException("Not the name of a blob.", nameof(name));

    /// <summary>The prefix itself; <see cref="ArgumentException"/> for anything but "" or a folder.</summary>
    public static string CheckedPrefix(string prefix) =>
        Prefix().IsMatch(prefix) ? prefix : throw new ArgumentException("Not a folder of blobs.", nameof(prefix));

    // \z, as $ would let a trailing newline through.
    [GeneratedRegex(@"\A(?:[0-9a-f]{32}|erased|checkpoints)/[0-9a-f]{32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?:(?:[0-9a-f]{32}|erased|checkpoints)/)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
