using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>A file in the store, not yet part of a reply. Size is of what is kept; Sha256 (hex) is of the bytes as they were sent.</summary>
public sealed record StagedFile(Guid Id, string Name, FileKind Kind, long Size, string Sha256, bool ActiveContent, FileScan Scan);

/// <summary>Either a staged file, or the problem with it; in both cases the name to show.</summary>
public sealed record IntakeResult(string Name, StagedFile? File, FileProblem? Problem);

/// <summary>
/// Takes in one file: recognise, encrypt in flight, check what is inside, scan, clean photos. Holds no whole file but the few
/// documents that are being checked, never writes one in clear.
/// </summary>
public sealed class FileIntake(IFileStore store, IFileScanner scanner, TimeProvider time, Measures measures)
{
    /// <summary>
    /// Reads the content to its end whatever comes of it, so that the client gets its answer; leaves it open. A failure of
    /// the content passes through; one of the store is a <see cref="FileStoreUnavailableException"/>. A refused or failed
    /// file leaves nothing behind (but in an outage, which the sweep of old files makes good).
    /// </summary>
    public async Task<IntakeResult> TakeAsync(
        Guid conversationId, ReadOnlyMemory<byte> dataKey, string? clientName, Stream content, CancellationToken cancellation = default)
    {
        await using var upload = new UploadStream(content);
        var written = new List<string>();
        var kept = false;
        try
        {
            var result = await StageAsync(new(conversationId, dataKey, written), SafeFileName.Of(clientName), upload, cancellation);
            await upload.DrainAsync(cancellation);
            kept = result.File is not null;
            return result;
        }
        catch (Exception failure) when (failure is IOException or DamagedFileException && !upload.HasFailed)
        {
            await upload.DrainAsync(cancellation);
            throw failure as FileStoreUnavailableException ?? new FileStoreUnavailableException(failure);
        }
        finally
        {
            // The last one written is the one to keep.
            foreach (var name in kept ? written.SkipLast(1) : written) await DiscardAsync(name);
        }
    }

    /// <summary>
    /// The file as stored. <see cref="FileNotFoundException"/> when there is none; <see cref="DamagedFileException"/>, here or
    /// while it is read, when it is not as it was written.
    /// </summary>
    public async Task<DecryptingStream> OpenAsync(
        Guid conversationId, ReadOnlyMemory<byte> dataKey, Guid fileId, CancellationToken cancellation = default) =>
        await DecryptingStream.OpenAsync(
            await store.OpenReadAsync(BlobName.Of(conversationId, fileId), cancellation), new(dataKey, conversationId, fileId), cancellation);

    private sealed record Target(Guid ConversationId, ReadOnlyMemory<byte> DataKey, List<string> Written);

    private async Task<IntakeResult> StageAsync(Target target, string name, UploadStream upload, CancellationToken cancellation)
    {
        IntakeResult Refused(FileProblem problem) => new(name, null, problem);

        var head = await upload.ReadHeadAsync(cancellation);
        if (head.IsEmpty) return Refused(FileProblem.Empty);
        var recognised = FileRecognition.Recognise(name, head.Span);
        if (recognised.Problem is { } unknown) return Refused(unknown);
        (name, var kind) = (recognised.Name, recognised.Kind);

        // What is kept of a photo is not what was sent: only that is written to the store.
        await using var spool = kind.IsImage() ? store.Spool() : null;
        var id = spool is null ? await WriteAsync(target, upload, cancellation) : await SpoolAsync(target, upload, spool, cancellation);
        if (upload.IsTooLarge) return Refused(FileProblem.TooLarge);

        await using var stored = spool is null
            ? await OpenAsync(target.ConversationId, target.DataKey, id, cancellation)
            : await DecryptingStream.OpenAsync(spool, new(target.DataKey, target.ConversationId, id), cancellation);
        var began = time.GetTimestamp();
        var verdict = await ContentCheck.CheckAsync(stored, kind, cancellation);
        measures.FileChecked(kind.ToString(), verdict.Problem is not null, time.GetElapsedTime(began));
        if (verdict.Problem is { } problem) return Refused(problem);
        // Scanned as it was sent, before cleaning takes the parts away in which something may hide.
        stored.Position = 0;
        var scan = FileScans.Of(await scanner.ScanAsync(stored, cancellation));
        if (scan == FileScan.Infected) return Refused(FileProblem.Virus);
        var size = stored.Length;
        if (kind.IsImage())
        {
            await using var clean = ImageMetadata.Clean(stored, kind);
            if (clean is null) return Refused(FileProblem.Damaged);
            (id, size) = (await WriteAsync(target, clean, cancellation), clean.Length);
        }
        return new(name, new(id, name, kind, size, upload.Sha256(), verdict.ActiveContent, scan), null);
    }

    /// <summary>Writes under a new id that tells its age.</summary>
    private async Task<Guid> WriteAsync(Target target, Stream plain, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var name = BlobName.Of(target.ConversationId, id);
        // Known before it is written: a store that fails half-way may have kept it after all.
        target.Written.Add(name);
        await using var encrypted = new EncryptingStream(plain, new(target.DataKey, target.ConversationId, id));
        await store.WriteAsync(name, encrypted, cancellation);
        return id;
    }

    /// <summary>Under a key of its own, as if it were a file to keep.</summary>
    private static async Task<Guid> SpoolAsync(Target target, Stream plain, FileStream spool, CancellationToken cancellation)
    {
        var id = Guid.NewGuid();
        await using var encrypted = new EncryptingStream(plain, new(target.DataKey, target.ConversationId, id));
        await spool.RefillAsync(encrypted, long.MaxValue, cancellation);
        return id;
    }

    private async Task DiscardAsync(string name)
    {
        try
        {
            await store.DeleteAsync(name, CancellationToken.None);
        }
        catch (IOException)
        {
            // The store is away; the sweep of old files comes by later.
        }
    }
}
