using System.IO.Compression;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.DownloadReply;

/// <summary>The whole reply for the medical record: <c>reply.txt</c> and the files.</summary>
public static class ReplyZip
{
    private const string TextName = "reply.txt";

    /// <summary>Of one name, in UTF-16 units: Windows opens no file whose whole path is longer than 260.</summary>
    private const int MaxNameLength = 100;

    /// <summary>Written as it is read: no more than one chunk of a file is in memory.</summary>
    public static async Task WriteAsync(Stream target, IEventStream<Conversation> stream, FileIntake files, CancellationToken cancellation)
    {
        var reply = stream.Aggregate.Reply!;
        var names = SafeFileName.UniqueWithin([TextName, .. reply.Files.Select(file => SafeFileName.Of(file.Name))], MaxNameLength);
        var listed = reply.Files.Zip(names.Skip(1)).ToList();
        await using var gathering = new GatheringStream(target);
        await using (var zip = await ZipArchive.CreateAsync(gathering, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation))
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(ReplyText.Of(stream.Aggregate, [.. listed.Select(file => file.Second + Remark(file.First.Scan))])));
            await AddAsync(zip, TextName, CompressionLevel.Optimal, text, reply.At, cancellation);
            foreach (var (file, name) in listed.Where(file => file.First.Scan.IsOpenable()))
            {
                await using var content = await files.OpenAsync(stream.Id, stream.DataKey, file.Id, cancellation);
                // A photo is compressed already.
                await AddAsync(zip, name, file.Kind.IsImage() ? CompressionLevel.NoCompression : CompressionLevel.Optimal, content, reply.At, cancellation);
            }
        }
        await gathering.FlushAsync(cancellation);
    }

    private static string Remark(FileScan scan) => scan switch
    {
        FileScan.Waiting => " (not saved here: it waited to be checked for viruses)",
        FileScan.Infected => " (not saved here: it contains a virus)",
        _ => "",
    };

    private static async Task AddAsync(ZipArchive zip, string name, CompressionLevel level, Stream content, DateTimeOffset at, CancellationToken cancellation)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = UkTime.Of(at);
        await using var target = await entry.OpenAsync(cancellation);
        await content.CopyToAsync(target, cancellation);
    }
}
